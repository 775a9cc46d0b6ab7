/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Tables for the suites in Python, written by Delta Lake, and what Delta Lake reads of them as JSON
 * ({@link JsonRows}).
 */
final class PythonTables {
  /** Without reader features: in both response formats. To {@code growing} a suite adds rows. */
  static final List<String> PLAIN = List.of("values", "sales", "partitions", "empty", "growing");

  /** With deletion vectors, column mapping or timestamps without a zone: in delta format only. */
  static final List<String> FEATURES = List.of("local_times", "vectors", "mapped");

  /** A table whose only data file is gone. */
  static final String GONE = "gone";

  private final SparkSession spark = TestSpark.session();
  private final Path directory;
  private final Map<String, Object> expected = new TreeMap<>();

  private PythonTables(Path directory) {
    this.directory = directory;
  }

  /** Writes them into directories of their names, and {@code expected.json} beside them. */
  static List<String> write(Path directory) throws IOException {
    PythonTables tables = new PythonTables(directory);
    tables.types();
    tables.partitions();
    tables.histories();
    tables.features();
    tables.gone();
    tables.expect();
    new ObjectMapper().writeValue(directory.resolve("expected.json").toFile(), tables.expected);
    return Stream.of(PLAIN, FEATURES, List.of(GONE)).flatMap(List::stream).toList();
  }

  private String table(String name) {
    return "delta.`" + directory.resolve(name) + "`";
  }

  private void sql(String statement, String name, Object... arguments) {
    spark.sql(
        statement.formatted(Stream.concat(Stream.of(table(name)), Stream.of(arguments)).toArray()));
  }

  /** Every type with nulls. Times are those that pandas can hold in nanoseconds. */
  private void types() {
    sql(
        """
        CREATE TABLE %s USING delta AS
        SELECT /*+ REPARTITION(3) */ id AS l, CAST(id AS INT) AS i, CAST(id %% 100 AS SMALLINT) AS s, CAST(id %% 100 AS TINYINT) AS b,
          IF(id %% 7 = 0, NULL, id / 7) AS d, CAST(id / 3 AS FLOAT) AS f, IF(id %% 5 = 0, NULL, id %% 2 = 0) AS bool,
          CAST(id * 1.11 AS DECIMAL(9, 2)) AS amount, CAST(id * 1234567890123456789.123 AS DECIMAL(38, 3)) AS large,
          IF(id %% 3 = 0, NULL, concat('text ', id, ' ünïcødé 日本')) AS str, CAST(concat('bin', id) AS BINARY) AS bin,
          date_add(DATE'1950-01-01', CAST(id * 371 AS INT)) AS day,
          IF(id %% 9 = 0, NULL, timestamp_micros(id * 12345678901234 - 77)) AS at,
          IF(id %% 4 = 0, NULL, array(id, NULL, -id)) AS numbers,
          IF(id %% 6 = 0, NULL, named_struct('name', concat('n', id), 'price', CAST(id AS DECIMAL(8, 2)), 'at', timestamp_seconds(id))) AS person,
          map(concat('k', id %% 3), id, 'other', NULL) AS props,
          transform(sequence(0, CAST(id %% 3 AS INT)), n -> named_struct('sku', concat('p', n), 'pieces', n)) AS items
        FROM range(0, 120)
        UNION ALL
        SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        UNION ALL
        SELECT -9223372036854775808, 2147483647, CAST(32767 AS SMALLINT), CAST(-128 AS TINYINT), double('-0.0'), float('-Infinity'), false,
          CAST(-9999999.99 AS DECIMAL(9, 2)), CAST(-99999999999999999999999999999999999.999 AS DECIMAL(38, 3)), '', X'00FF',
          DATE'1700-02-28', TIMESTAMP'1700-01-01 00:00:00.000001', array(), named_struct('name', NULL, 'price', NULL, 'at', NULL),
          map(), array(NULL)""",
        "values");
    sql(
        "CREATE TABLE %s (id BIGINT, at TIMESTAMP_NTZ, zoned TIMESTAMP) USING delta",
        "local_times");
    sql(
        """
        INSERT INTO %s VALUES (1, TIMESTAMP_NTZ'2024-03-31 02:30:00.123456', TIMESTAMP'2024-03-31 02:30:00.123456'),
          (2, NULL, NULL), (3, TIMESTAMP_NTZ'1969-12-31 23:59:59.999999', TIMESTAMP'1969-12-31 23:59:59.999999')""",
        "local_times");
    sql("CREATE TABLE %s (id BIGINT, name STRING, at TIMESTAMP) USING delta", "empty");
  }

  private void partitions() {
    sql(
        "CREATE TABLE %s (id INT, n BIGINT, price DECIMAL(10, 3), day DATE, at TIMESTAMP, name STRING, flag BOOLEAN)"
            + " USING delta PARTITIONED BY (n, price, day, at, name, flag)",
        "partitions");
    sql(
        """
        INSERT INTO %s VALUES
          (1, 1234567890123, 1234567.891, DATE'2024-02-29', TIMESTAMP'2024-02-29 12:34:56.123456', 'a b/c=d%%e', true),
          (2, -1, -0.001, DATE'1999-12-31', TIMESTAMP'1969-12-31 23:59:59', 'ünï日本', false),
          (3, NULL, NULL, NULL, NULL, NULL, NULL)""",
        "partitions");
  }

  /** A change feed of five versions. */
  private void histories() {
    for (String name : List.of("sales", "vectors")) {
      sql(
          "CREATE TABLE %s (id BIGINT, country STRING, amount DECIMAL(12,2), day DATE, sold_at TIMESTAMP)"
              + " USING delta PARTITIONED BY (country)"
              + " TBLPROPERTIES (delta.enableChangeDataFeed = true, delta.enableDeletionVectors = %s)",
          name, name.equals("vectors"));
      for (int batch = 0; batch < 2; batch++) {
        sql(
            """
            INSERT INTO %s SELECT id, element_at(array('DE', 'FR', 'JP', NULL), int(id %% 4) + 1),
              CAST(id * 3.17 AS DECIMAL(12,2)), date_add(DATE'2024-01-01', int(id %% 90)),
              timestamp_seconds(1700000000 + id * 61) FROM range(%s, %s, 1, 2)""",
            name, batch * 400, (batch + 1) * 400);
      }
      sql("UPDATE %s SET amount = amount + 1 WHERE id %% 50 = 3", name);
      sql("DELETE FROM %s WHERE id %% 97 = 5", name);
    }
    sql(
        "CREATE TABLE %s USING delta AS SELECT id, id * 2 AS v FROM range(0, 100, 1, 4)",
        "growing");
  }

  private void features() {
    sql(
        "CREATE TABLE %s (id BIGINT, `old name` STRING, s STRUCT<x: INT, y: STRING>) USING delta TBLPROPERTIES"
            + " (delta.columnMapping.mode = 'name', delta.enableDeletionVectors = true)",
        "mapped");
    sql(
        "INSERT INTO %s SELECT id, concat('v', id), named_struct('x', int(id), 'y', 'yy') FROM range(0, 300)",
        "mapped");
    sql("ALTER TABLE %s RENAME COLUMN `old name` TO `new, name`", "mapped");
    sql("DELETE FROM %s WHERE id %% 3 = 0", "mapped");
  }

  private void gone() throws IOException {
    sql("CREATE TABLE %s USING delta AS SELECT id FROM range(0, 10, 1, 1)", GONE);
    try (Stream<Path> files = Files.list(directory.resolve(GONE))) {
      for (Path file : files.filter(name -> name.toString().endsWith(".parquet")).toList()) {
        Files.delete(file);
      }
    }
  }

  private Dataset<Row> read(String name, Map<String, String> options) {
    return spark.read().format("delta").options(options).load(directory.resolve(name).toString());
  }

  private void expect(String name, Dataset<Row> data) {
    expected.put(name, JsonRows.of(data));
  }

  private void expect() {
    Stream.of(PLAIN, FEATURES)
        .flatMap(List::stream)
        .forEach(name -> expect(name, read(name, Map.of())));
    for (String name : List.of("sales", "vectors")) {
      expect(name + " version 1", read(name, Map.of("versionAsOf", "1")));
      expect(
          name + " changes",
          read(
              name,
              Map.of("readChangeFeed", "true", "startingVersion", "2", "endingVersion", "4")));
      expect(
          name + " all changes",
          read(name, Map.of("readChangeFeed", "true", "startingVersion", "0")));
      Dataset<Row> latest = read(name, Map.of());
      expect(name + " filtered", latest.where("country = 'DE' AND amount > 500 AND id < 700"));
      expect(
          name + " by country",
          latest.groupBy("country").agg(Map.of("amount", "sum")).toDF("country", "amount"));
      // When version 1 was the latest, by the log.
      expected.put(
          name + " time of version 1",
          spark
              .sql("DESCRIBE HISTORY " + table(name))
              .where("version = 1")
              .selectExpr("string(timestamp)")
              .head()
              .getString(0));
    }
  }
}
