/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.testing.RandomHistory;
import io.github.deltasharing.testing.Recipient;
import io.github.deltasharing.testing.ReferenceServer;
import io.github.deltasharing.testing.ReferenceServer.Release;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tables with random schemas, properties and histories: every version is read through the connector
 * in a random way and by Delta Lake, with the same rows. A seed is a whole case: {@code mvn test
 * -Dtest=HistoryPropertyTest -Dhistory.seed=17} runs the one that failed again.
 */
class HistoryPropertyTest {
  private static final int HISTORIES = 8;
  private static final int NIGHTLY_HISTORIES = 300;

  /**
   * One history in so many is read by compiled code, which takes long for queries of which none
   * comes twice.
   */
  private static final int COMPILED = 5;

  @TempDir static Path directory;

  static LongStream seeds() {
    return RandomHistory.seeds(HISTORIES);
  }

  static LongStream nightlySeeds() {
    return RandomHistory.nightlySeeds(NIGHTLY_HISTORIES);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyVersionHasTheRowsThatDeltaLakeReads(long seed) {
    check(seed);
  }

  @Tag("nightly")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("nightlySeeds")
  void everyVersionOfManyHistories(long seed) {
    check(seed);
  }

  private static void check(long seed) {
    Random random = new Random(seed);
    String name = "history_" + seed;
    Path path = directory.resolve(name);
    SparkSession spark = TestSpark.session();
    RandomHistory history = interpreted(() -> RandomHistory.write(spark, path, random));
    try (TestShare share = TestShare.withHistory(directory, List.of(name));
        ReferenceServer reference = new ReferenceServer(share, Release.V1_4)) {
      long latest = history.version();
      for (long version = 0; version <= latest; version++) {
        Recipient server = version % 2 == 0 ? share : reference;
        long number = version;
        Runnable comparison = () -> compare(seed, history, server, name, number, random);
        // Of some histories all queries are compiled too.
        if (seed % COMPILED == 0) {
          comparison.run();
        } else {
          interpreted(
              () -> {
                comparison.run();
                return null;
              });
        }
      }
    }
  }

  private static void compare(
      long seed,
      RandomHistory history,
      Recipient server,
      String table,
      long version,
      Random random) {
    SparkSession spark = TestSpark.session();
    Map<String, String> options = new HashMap<>(Map.of("versionAsOf", Long.toString(version)));
    List<String> formats =
        history.plain() ? List.of("auto", "delta", "parquet") : List.of("auto", "delta");
    options.put("responseFormat", formats.get(random.nextInt(formats.size())));
    boolean columnar = random.nextBoolean();
    String split = List.of("1k", "16k", "128m").get(random.nextInt(3));
    spark.conf().set("spark.sql.parquet.enableVectorizedReader", columnar);
    spark.conf().set("spark.sql.files.maxPartitionBytes", split);
    String filter = "?";
    Column[] columns = {};
    try {
      Dataset<Row> expected =
          spark
              .read()
              .format("delta")
              .option("versionAsOf", version)
              .load(directory.resolve(table).toString());
      Dataset<Row> actual = server.read(table, options);
      filter = filter(expected.schema(), random);
      columns = columns(expected.schema(), random);
      Rows.assertSame(actual.where(filter).select(columns), expected.where(filter).select(columns));
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed %d, version %d, read from the %s with %s, columnar %s, split size %s, WHERE %s, columns %s. Replay with -Dhistory.seed=%d. History:\n%s"
              .formatted(
                  seed,
                  version,
                  server.getClass().getSimpleName(),
                  options,
                  columnar,
                  split,
                  filter,
                  Arrays.toString(columns),
                  seed,
                  String.join("\n", history.statements())),
          e);
    } finally {
      spark.conf().unset("spark.sql.parquet.enableVectorizedReader");
      spark.conf().unset("spark.sql.files.maxPartitionBytes");
    }
  }

  /** Without compiling code for queries of which none comes twice. */
  private static <T> T interpreted(Supplier<T> step) {
    RuntimeConfig conf = TestSpark.session().conf();
    conf.set("spark.sql.codegen.wholeStage", false);
    conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    try {
      return step.get();
    } finally {
      conf.unset("spark.sql.codegen.wholeStage");
      conf.unset("spark.sql.codegen.factoryMode");
    }
  }

  /** All columns, or some in any order; a struct may be read for one of its fields. */
  private static Column[] columns(StructType schema, Random random) {
    List<StructField> fields = new java.util.ArrayList<>(Arrays.asList(schema.fields()));
    if (random.nextInt(3) > 0) {
      Collections.shuffle(fields, random);
      fields = fields.subList(0, 1 + random.nextInt(fields.size()));
    }
    return fields.stream()
        .map(
            field -> {
              Column column = new Column("`" + field.name() + "`");
              return field.dataType() instanceof StructType struct && random.nextBoolean()
                  ? column.getField(struct.fieldNames()[random.nextInt(struct.length())])
                  : column;
            })
        .toArray(Column[]::new);
  }

  private static String filter(StructType schema, Random random) {
    StructField field = schema.fields()[random.nextInt(schema.length())];
    String column = "`" + field.name() + "`";
    boolean primitive =
        !(field.dataType() instanceof StructType
            || field.dataType() instanceof ArrayType
            || field.dataType() instanceof MapType);
    int kinds = primitive ? 6 : 4;
    return switch (random.nextInt(kinds)) {
      case 0 -> "true";
      case 1 -> column + " IS NOT NULL";
      case 2 -> column + " IS NULL";
      case 3 -> "k BETWEEN 10 AND 130";
      case 4 -> "(%s > CAST('7' AS %s)) IS NOT TRUE".formatted(column, field.dataType().sql());
      default -> column + " >= (CASE WHEN k % 2 = 0 THEN " + column + " END)";
    };
  }
}
