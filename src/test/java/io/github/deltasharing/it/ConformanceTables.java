/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import io.github.deltasharing.conformance.NewerReads;
import io.github.deltasharing.conformance.RenderedRows;
import io.github.deltasharing.conformance.SharedRead;
import io.github.deltasharing.conformance.SharedStream;
import io.github.deltasharing.conformance.TableReads;
import io.github.deltasharing.testing.ChangeHistories;
import io.github.deltasharing.testing.Corpus;
import io.github.deltasharing.testing.OracleTables;
import io.github.deltasharing.testing.StreamRuns;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQueryException;

/** Writes the suite's tables with Delta Lake, and keeps what Delta Lake reads of them. */
public final class ConformanceTables {
  /**
   * Tables that have what reads differ by, but for types: changes, partitions, deletions, names.
   */
  private static final List<String> FEW =
      Stream.concat(TableReads.HISTORIES.stream(), Stream.of("facts", "by_day")).toList();

  /** What Delta Lake 4 wrote and read, which does not run on this Spark. */
  private static final Path NEWER = Path.of("src/test/resources/newer");

  private final Path directory;
  private final Path expected;

  public ConformanceTables(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory.resolve("tables"));
    this.expected = Files.createDirectories(directory.resolve("expected"));
  }

  public Path directory() {
    return directory;
  }

  /** Writes all, and returns the tables' names. */
  List<String> write() {
    return Corpus.interpreted(
        () -> {
          writeTables();
          TableReads.reads().forEach(this::keep);
          TableReads.streams().forEach(this::keep);
          List<String> names = new ArrayList<>(TableReads.TABLES);
          names.addAll(TableReads.HISTORIES);
          copy(NEWER.resolve("tables"), directory);
          copy(NEWER.resolve("expected"), expected);
          names.addAll(NewerReads.TABLES);
          return names;
        });
  }

  /** Writes some, as fast as it goes, and returns their names. */
  public List<String> writeFew() {
    return Corpus.interpreted(
        () -> {
          histories();
          facts();
          byDay();
          fewReads().forEach(this::keep);
          fewStreams().forEach(this::keep);
          return FEW;
        });
  }

  /** The reads of what {@link #writeFew} wrote. */
  public static List<SharedRead> fewReads() {
    return TableReads.reads().stream().filter(read -> FEW.contains(read.table())).toList();
  }

  /** The streams of what {@link #writeFew} wrote. */
  public static List<SharedStream> fewStreams() {
    return TableReads.streams().stream().filter(read -> FEW.contains(read.table())).toList();
  }

  /** What Delta Lake read. */
  public RenderedRows expected(String name) {
    return RenderedRows.read(expected.resolve(name));
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void keep(SharedRead read) {
    Dataset<Row> delta =
        TestSpark.session()
            .read()
            .format("delta")
            .options(read.options())
            .load(directory.resolve(read.table()).toString());
    RenderedRows.of(read.of(delta)).write(expected.resolve(read.name()));
  }

  private void keep(SharedStream stream) {
    try {
      Dataset<Row> delta = StreamRuns.delta(directory.resolve(stream.table()), stream.options());
      Path checkpoint = Files.createTempDirectory(directory, "checkpoint");
      RenderedRows.of(
              delta.schema().catalogString(), StreamRuns.availableNow(delta, checkpoint).rows())
          .write(expected.resolve(stream.name()));
    } catch (IOException | StreamingQueryException e) {
      throw new IllegalStateException(stream.name(), e);
    }
  }

  private void writeTables() {
    new OracleTables(TestSpark.session(), directory).writeSmall();
    histories();
    facts();
    byDay();
    widened();
  }

  private void histories() {
    TableReads.HISTORIES.forEach(
        name -> {
          ChangeHistories.copy(name, directory);
          commitEveryHour(directory.resolve(name));
        });
  }

  private void byDay() {
    sql(
        "CREATE TABLE %s USING delta PARTITIONED BY (p, day) AS SELECT id,"
            + " IF(id % 4 = 0, NULL, CAST(id % 4 AS INT)) AS p,"
            + " IF(id % 3 = 0, NULL, date_add(date'2024-01-01', CAST(id % 3 AS INT))) AS day FROM range(0, 120)",
        "by_day");
  }

  /**
   * Eight files, the values of each in a range of their own, with what statistics cut, lack or do
   * not order.
   */
  private void facts() {
    TestSpark.session()
        .range(0, 320, 1, 8)
        .selectExpr(
            "id",
            "IF(id % 10 = 3 OR id BETWEEN 200 AND 239, NULL, concat('name ', id)) AS name",
            "CASE WHEN id % 50 = 9 THEN double('NaN') WHEN id % 50 = 19 THEN -0.0D ELSE id / 2 END AS d",
            "timestamp'2024-01-01 00:00:00' + make_interval(0, 0, 0, 0, 0, 0, id * 0.001 + 0.000007) AS at",
            "date_add(date'2024-01-01', CAST(id DIV 40 AS INT)) AS day",
            "concat('a text that is longer than thirty-two characters, number ', id) AS long",
            "CAST(id * 1.25 AS DECIMAL(9, 2)) AS amount",
            "IF(id % 30 = 7, NULL, named_struct('k', id DIV 10, 't', concat('t ', id))) AS st",
            "id % 5 = 0 AS flag")
        .write()
        .format("delta")
        .save(directory.resolve("facts").toString());
    sql(
        "CREATE TABLE %s USING delta AS SELECT id AS store, concat('store ', id) AS label, id * 70 AS lowest"
            + " FROM range(0, 5)",
        "stores");
  }

  /** Old files hold narrower types than the table. */
  private void widened() {
    sql(
        "CREATE TABLE %s (id INT, b TINYINT, s SMALLINT, st STRUCT<x: SMALLINT>, a ARRAY<TINYINT>, p SMALLINT)"
            + " USING delta PARTITIONED BY (p) TBLPROPERTIES ('delta.enableTypeWidening' = 'true')",
        "widened");
    String rows =
        "INSERT INTO %s SELECT CAST(id AS INT), CAST(id AS TINYINT), CAST(-id AS SMALLINT),"
            + " named_struct('x', CAST(id AS SMALLINT)), array(CAST(id AS TINYINT), NULL), CAST(id % 3 AS SMALLINT)"
            + " FROM range(0, 50)";
    sql(rows, "widened");
    for (String change :
        List.of(
            "b TYPE SMALLINT", "s TYPE INT", "st.x TYPE INT", "a.element TYPE INT", "p TYPE INT")) {
      sql("ALTER TABLE %s CHANGE COLUMN " + change, "widened");
    }
    sql(
        "INSERT INTO %s VALUES (1000, 1000, 100000, named_struct('x', 100000), array(100000), 100000)",
        "widened");
  }

  private void sql(String statement, String table) {
    TestSpark.session()
        .sql(statement.replaceFirst("%s", "delta.`" + directory.resolve(table) + "`"));
  }

  /**
   * Gives commits times that a read can name, and that an object store, which keeps seconds, has
   * too.
   */
  private static void commitEveryHour(Path table) {
    Instant first = Instant.parse("2024-01-01T00:00:00Z");
    try (Stream<Path> commits = Files.list(table.resolve("_delta_log"))) {
      for (Path commit : commits.filter(file -> file.toString().endsWith(".json")).toList()) {
        long version = Long.parseLong(commit.getFileName().toString().replace(".json", ""));
        Files.setLastModifiedTime(commit, FileTime.from(first.plus(version, ChronoUnit.HOURS)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
