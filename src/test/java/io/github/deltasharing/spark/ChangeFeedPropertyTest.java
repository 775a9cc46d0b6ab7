/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.RandomHistory;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random tables with random histories: ranges of their changes are read through the connector in a
 * random way and by Delta Lake, and either both have the same rows, or both refuse. A seed is a
 * whole case: {@code mvn test -Dtest=ChangeFeedPropertyTest -Dhistory.seed=17}.
 */
class ChangeFeedPropertyTest {
  private static final int HISTORIES = 4;
  private static final int NIGHTLY_HISTORIES = 100;
  private static final SparkSession SPARK = TestSpark.session();

  @TempDir static Path directory;

  @BeforeAll
  static void interpret() {
    // Code compiled for queries of which none comes twice takes longer than they do.
    SPARK.conf().set("spark.sql.codegen.wholeStage", false);
    SPARK.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
  }

  @AfterAll
  static void compile() {
    SPARK.conf().unset("spark.sql.codegen.wholeStage");
    SPARK.conf().unset("spark.sql.codegen.factoryMode");
  }

  static LongStream seeds() {
    return RandomHistory.seeds(HISTORIES);
  }

  static LongStream nightlySeeds() {
    return RandomHistory.nightlySeeds(NIGHTLY_HISTORIES);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void rangesHaveTheRowsThatDeltaLakeReads(long seed) {
    check(seed, false);
  }

  @Tag("nightly")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("nightlySeeds")
  void everyRangeOfManyHistories(long seed) {
    check(seed, true);
  }

  private static void check(long seed, boolean every) {
    Random random = new Random(seed);
    String name = "changes_" + seed;
    Path path = directory.resolve(name);
    RandomHistory history = RandomHistory.writeWithChanges(SPARK, path, random);
    try (TestShare share = TestShare.withHistory(directory, List.of(name))) {
      long latest = history.version();
      for (long start = 0; start <= latest; start++) {
        for (long end = start; end <= latest; end++) {
          if (every || end == start || end == latest) {
            compare(seed, history, share, name, start, end, random);
          }
        }
      }
    }
  }

  private static void compare(
      long seed,
      RandomHistory history,
      TestShare share,
      String table,
      long start,
      long end,
      Random random) {
    Map<String, String> range =
        Map.of(
            "readChangeFeed", "true",
            "startingVersion", Long.toString(start),
            "endingVersion", Long.toString(end));
    boolean columnar = random.nextBoolean();
    String split = List.of("1k", "128m").get(random.nextInt(2));
    SPARK.conf().set("spark.sql.parquet.enableVectorizedReader", columnar);
    SPARK.conf().set("spark.sql.files.maxPartitionBytes", split);
    try {
      String expected =
          outcome(
              () ->
                  SPARK
                      .read()
                      .format("delta")
                      .options(range)
                      .load(directory.resolve(table).toString()));
      String actual = outcome(() -> timestamped(share.read(table, range)));
      assertThat(actual).isEqualTo(expected);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed %d, versions %d to %d, columnar %s, split size %s. Replay with -Dhistory.seed=%d. History:\n%s"
              .formatted(
                  seed, start, end, columnar, split, seed, String.join("\n", history.statements())),
          e);
    } finally {
      SPARK.conf().unset("spark.sql.parquet.enableVectorizedReader");
      SPARK.conf().unset("spark.sql.files.maxPartitionBytes");
    }
  }

  private static Dataset<Row> timestamped(Dataset<Row> changes) {
    return changes.schema().apply("_commit_timestamp").dataType().equals(DataTypes.LongType)
        ? changes.withColumn(
            "_commit_timestamp",
            org.apache.spark.sql.functions.expr("timestamp_millis(_commit_timestamp)"))
        : changes;
  }

  /** Schema and rows, or that it was refused for its schema's history. */
  private static String outcome(Supplier<Dataset<Row>> read) {
    try {
      Dataset<Row> rows = read.get();
      return rows.schema().simpleString() + "\n" + String.join("\n", Rows.of(rows));
    } catch (Exception e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("INCOMPATIBLE_SCHEMA_CHANGE")
          || message.contains("INCOMPATIBLE_DATA_SCHEMA")
          || message.contains("Changes can be read across added columns only")) {
        return "refused";
      }
      throw new IllegalStateException(e);
    }
  }
}
