/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import io.delta.tables.DeltaTable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/** Delta tables of every plain kind, written by Delta Lake. */
public final class OracleTables {
  public static final List<String> NAMES =
      List.of(
          "primitives",
          "julian_calendar",
          "timestamp_micros",
          "timestamps_ntz",
          "nested",
          "partitioned_strings",
          "partitioned_types",
          "only_partitions",
          "evolved",
          "checkpointed",
          "rewritten",
          "empty",
          "empty_partitioned",
          "odd_names",
          "small_files",
          "large_file",
          "deletion_vectors",
          "deletion_vectors_large",
          "mapped_name",
          "mapped_id",
          "mapped_then_deleted",
          "writer_features",
          "added_with_default",
          "generated");

  /** Tables with reader features, which the parquet dialect cannot express. */
  public static final Set<String> DELTA_ONLY =
      Set.of(
          "timestamps_ntz",
          "deletion_vectors",
          "deletion_vectors_large",
          "mapped_name",
          "mapped_id",
          "mapped_then_deleted");

  private final SparkSession spark;
  private final Path directory;

  public OracleTables(SparkSession spark, Path directory) {
    this.spark = spark;
    this.directory = directory;
  }

  /** Writes all tables, each into a directory of its name. */
  public List<String> writeAll() {
    writeSmall();
    files();
    manyDeletions();
    return NAMES;
  }

  /** Writes all that take no seconds to read. */
  public void writeSmall() {
    primitives();
    otherEncodings();
    nested();
    partitioned();
    histories();
    deletionVectors();
    columnMapping();
    writerFeatures();
  }

  private String table(String name) {
    return "delta.`" + directory.resolve(name) + "`";
  }

  private void sql(String statement, Object... arguments) {
    spark.sql(statement.formatted(arguments));
  }

  private void primitives() {
    sql(
        """
        CREATE TABLE %s USING delta AS
        SELECT id AS l, CAST(id AS INT) AS i, CAST(id %% 100 AS SMALLINT) AS s, CAST(id %% 100 AS TINYINT) AS b,
          CAST(id / 7 AS DOUBLE) AS d, CAST(id / 3 AS FLOAT) AS f, id %% 2 = 0 AS bool,
          CAST(id * 1.11 AS DECIMAL(9, 2)) AS dec9, CAST(id * 111.1111 AS DECIMAL(18, 4)) AS dec18,
          CAST(id * 12345678901234567890.123 AS DECIMAL(38, 3)) AS dec38,
          concat('text ', id, ' ünïcødé 日本') AS str, CAST(concat('bin', id) AS BINARY) AS bin,
          date_add(DATE'1970-01-01', CAST(id * 37 AS INT) - 1000) AS dt,
          timestamp_micros(id * 1234567890123 - 77) AS ts
        FROM range(0, 500)
        UNION ALL
        SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        UNION ALL
        SELECT 9223372036854775807, -2147483648, -32768, -128, double('NaN'), float('-Infinity'), true,
          CAST(-9999999.99 AS DECIMAL(9, 2)), CAST(99999999999999.9999 AS DECIMAL(18, 4)),
          CAST(-99999999999999999999999999999999999.999 AS DECIMAL(38, 3)), '', CAST('' AS BINARY),
          DATE'0001-01-01', TIMESTAMP'9999-12-31 23:59:59.999999'
        UNION ALL
        SELECT -9223372036854775808, 2147483647, 32767, 127, double('-0.0'), float('NaN'), false, 0, 0, 0, 'a\\nb"c',
          X'00FF', DATE'9999-12-31', TIMESTAMP'0001-01-01 00:00:00'""",
        table("primitives"));
    sql(
        "CREATE TABLE %s (id INT, t TIMESTAMP_NTZ, p TIMESTAMP_NTZ) USING delta PARTITIONED BY (p)",
        table("timestamps_ntz"));
    sql(
        """
        INSERT INTO %s VALUES (1, TIMESTAMP_NTZ'2024-02-29 12:34:56.123456', TIMESTAMP_NTZ'2024-01-01 00:00:00'),
          (2, NULL, TIMESTAMP_NTZ'1969-12-31 23:59:59.999999'), (3, TIMESTAMP_NTZ'0001-01-01 00:00:00', NULL)""",
        table("timestamps_ntz"));
  }

  /** Dates as writers before Spark 3.0 meant them, and timestamps as INT64 instead of INT96. */
  private void otherEncodings() {
    writingWith(
        Map.of(
            "spark.sql.parquet.datetimeRebaseModeInWrite", "LEGACY",
            "spark.sql.parquet.int96RebaseModeInWrite", "LEGACY"),
        () ->
            sql(
                "CREATE TABLE %s USING delta AS SELECT id, date_add(DATE'1400-01-01', CAST(id AS INT) * 100) AS d,"
                    + " timestampadd(DAY, CAST(id AS INT) * 100, TIMESTAMP'1400-01-01 12:00:00') AS t"
                    + " FROM range(0, 3000)",
                table("julian_calendar")));
    writingWith(
        Map.of("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS"),
        () ->
            sql(
                "CREATE TABLE %s USING delta AS SELECT id, timestamp_micros(id * 98765432101) AS t FROM range(0, 3000)",
                table("timestamp_micros")));
  }

  private void writingWith(Map<String, String> confs, Runnable write) {
    Map<String, String> before = new HashMap<>();
    confs.forEach(
        (key, value) -> {
          before.put(key, spark.conf().get(key));
          spark.conf().set(key, value);
        });
    try {
      write.run();
    } finally {
      before.forEach(spark.conf()::set);
    }
  }

  private void nested() {
    sql(
        """
        CREATE TABLE %s USING delta AS
        SELECT id,
          named_struct('name', concat('n', id), 'address', named_struct('city', concat('c', id %% 5), 'zip', CAST(id AS INT)))
            AS person,
          transform(sequence(0, CAST(id %% 4 AS INT)), i -> named_struct('name', concat('p', i), 'age', i)) AS people,
          map(concat('k', id %% 3), named_struct('items', array(named_struct('x', id, 'y', array(id, NULL)))),
              'other', NULL) AS deep,
          IF(id %% 7 = 0, NULL, array(array(1, NULL), array(), NULL)) AS matrix,
          map('a', CAST(id AS DECIMAL(20, 2)), 'b', NULL) AS money
        FROM range(0, 200)
        UNION ALL SELECT -1, NULL, NULL, NULL, NULL, NULL
        UNION ALL SELECT -2, named_struct('name', NULL, 'address', NULL), array(), map(), array(), map()""",
        table("nested"));
  }

  private void partitioned() {
    sql(
        "CREATE TABLE %s (id INT, p STRING) USING delta PARTITIONED BY (p)",
        table("partitioned_strings"));
    sql(
        """
        INSERT INTO %s VALUES (1, 'plain'), (2, 'with space'), (3, 'a/b'), (4, 'a=b'), (5, '50%%'), (6, 'ünï日本'),
          (7, 'a+b'), (8, 'x:y?z#w'), (9, NULL), (10, '{"q":1}'), (11, 'it''s'), (12, '%%2F'), (13, '..'),
          (14, 'back\\\\slash'), (15, ' lead'), (16, 'a&b=c')""",
        table("partitioned_strings"));
    sql(
        """
        CREATE TABLE %s (id INT, l BIGINT, s SMALLINT, b TINYINT, d DOUBLE, f FLOAT, bool BOOLEAN, dec DECIMAL(10, 3),
          dt DATE, ts TIMESTAMP, str STRING, v STRING) USING delta
        PARTITIONED BY (l, s, b, d, f, bool, dec, dt, ts, str)""",
        table("partitioned_types"));
    sql(
        """
        INSERT INTO %s VALUES
          (1, 9223372036854775807, -32768, 127, 1.5, 2.25, true, 1234567.891, DATE'2024-02-29',
            TIMESTAMP'2024-02-29 12:34:56.123456', 'x', 'v1'),
          (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
          (3, -1, 0, -128, double('NaN'), float('-Infinity'), false, -0.001, DATE'0001-01-01',
            TIMESTAMP'1969-12-31 23:59:59', '', 'v3'),
          (4, 0, 1, 1, 1e-300, 3.4e38, false, 0, DATE'9999-12-31', TIMESTAMP'2024-07-01 00:00:00', 'null', 'v4')""",
        table("partitioned_types"));
    sql("CREATE TABLE %s (a INT, p INT) USING delta PARTITIONED BY (p)", table("only_partitions"));
    sql("INSERT INTO %s SELECT id, id %% 3 FROM range(0, 30)", table("only_partitions"));
  }

  private void histories() {
    sql("CREATE TABLE %s (a INT, s STRUCT<x: INT>) USING delta", table("evolved"));
    sql("INSERT INTO %s VALUES (1, named_struct('x', 1))", table("evolved"));
    sql("ALTER TABLE %s ADD COLUMNS (b STRING, s.y STRING)", table("evolved"));
    sql("INSERT INTO %s VALUES (2, named_struct('x', 2, 'y', 'yy'), 'two')", table("evolved"));
    sql("ALTER TABLE %s ALTER COLUMN b FIRST", table("evolved"));
    sql("INSERT INTO %s VALUES ('three', 3, NULL)", table("evolved"));

    sql(
        "CREATE TABLE %s (id BIGINT) USING delta TBLPROPERTIES ('delta.checkpointInterval' = '3')",
        table("checkpointed"));
    for (int i = 0; i < 8; i++) {
      sql("INSERT INTO %s VALUES (%d)", table("checkpointed"), i);
    }

    sql(
        "CREATE TABLE %s USING delta AS SELECT id, id * 2 AS v FROM range(0, 1000)",
        table("rewritten"));
    sql("UPDATE %s SET v = -1 WHERE id %% 10 = 0", table("rewritten"));
    sql("DELETE FROM %s WHERE id %% 10 = 1", table("rewritten"));
    sql(
        """
        MERGE INTO %s t USING (SELECT id, -2 AS v FROM range(990, 1010)) u ON t.id = u.id
        WHEN MATCHED THEN UPDATE SET v = u.v WHEN NOT MATCHED THEN INSERT *""",
        table("rewritten"));

    sql("CREATE TABLE %s (a INT, b STRING) USING delta", table("empty"));
    sql(
        "CREATE TABLE %s (a INT, p STRING) USING delta PARTITIONED BY (p)",
        table("empty_partitioned"));
    sql("CREATE TABLE %s (`Id` INT, `select` INT, `ünï` STRING) USING delta", table("odd_names"));
    sql("INSERT INTO %s VALUES (1, 2, 'three')", table("odd_names"));
  }

  private void files() {
    spark
        .range(0, 4_000, 1, 2_000)
        .selectExpr("id", "concat('v', id) AS v")
        .write()
        .format("delta")
        .save(directory.resolve("small_files").toString());
    spark
        .range(0, 300_000, 1, 1)
        .selectExpr("id", "sha2(string(id), 256) AS hash", "id % 10 AS small")
        .write()
        .format("delta")
        .option("parquet.block.size", "1048576")
        .save(directory.resolve("large_file").toString());
  }

  /** Deletes, updates and merges that mark rows instead of rewriting files. */
  private void deletionVectors() {
    String properties = "TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')";
    sql(
        "CREATE TABLE %s (id BIGINT, p INT, s STRUCT<a: BIGINT, b: STRING>, l ARRAY<BIGINT>) USING delta"
            + " PARTITIONED BY (p) %s",
        table("deletion_vectors"), properties);
    sql(
        "INSERT INTO %s SELECT id, CAST(id %% 3 AS INT), IF(id %% 11 = 0, NULL, named_struct('a', id, 'b', concat('b', id))),"
            + " array(id, NULL) FROM range(0, 9000)",
        table("deletion_vectors"));
    sql("DELETE FROM %s WHERE id %% 10 = 3", table("deletion_vectors"));
    sql("DELETE FROM %s WHERE id BETWEEN 4000 AND 6000", table("deletion_vectors"));
    sql("UPDATE %s SET l = array(-1) WHERE id %% 100 = 7", table("deletion_vectors"));
    sql("DELETE FROM %s WHERE id < 2", table("deletion_vectors"));
    sql(
        """
        MERGE INTO %s t USING (SELECT id FROM range(8990, 9010)) u ON t.id = u.id
        WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, p) VALUES (u.id, 1)""",
        table("deletion_vectors"));
  }

  private void manyDeletions() {
    sql(
        "CREATE TABLE %s (id BIGINT, hash STRING, small BIGINT) USING delta"
            + " TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')",
        table("deletion_vectors_large"));
    spark
        .range(0, 300_000, 1, 1)
        .selectExpr("id", "sha2(string(id), 256) AS hash", "id % 10 AS small")
        .write()
        .format("delta")
        .mode("append")
        .option("parquet.block.size", "1048576")
        .save(directory.resolve("deletion_vectors_large").toString());
    sql("DELETE FROM %s WHERE hash < '1a' OR id > 299990", table("deletion_vectors_large"));
  }

  /** Renamed, dropped and added again: what users see and what files hold differ. */
  private void columnMapping() {
    for (String mode : List.of("name", "id")) {
      String table = table("mapped_" + mode);
      sql(
          "CREATE TABLE %s (a INT, `b c` STRING, s STRUCT<x: INT, `y.z`: STRING>, m MAP<STRING, STRUCT<k: INT>>,"
              + " l ARRAY<STRUCT<e: INT>>, p STRING, `q ü` INT) USING delta PARTITIONED BY (p, `q ü`)"
              + " TBLPROPERTIES ('delta.columnMapping.mode' = '%s')",
          table, mode);
      String values =
          "INSERT INTO %s VALUES (%d, 'b%d', named_struct('x', %d, 'y.z', 'yz'), map('k', named_struct('k', 1)),"
              + " array(named_struct('e', %d), NULL), 'p %% %d', %s)";
      sql(values, table, 1, 1, 10, 5, 1, "1");
      sql(values, table, 2, 2, 20, 6, 2, "NULL");
      sql("ALTER TABLE %s RENAME COLUMN a TO `a, renamed`", table);
      sql("ALTER TABLE %s RENAME COLUMN s.x TO `x;{}`", table);
      sql("ALTER TABLE %s RENAME COLUMN p TO `p renamed`", table);
      sql("ALTER TABLE %s DROP COLUMN `b c`", table);
      sql("ALTER TABLE %s ADD COLUMNS (`b c` INT, s.added STRING)", table);
      sql(
          "INSERT INTO %s VALUES (3, named_struct('x;{}', 30, 'y.z', 'yz3', 'added', 'new'), NULL,"
              + " array(), 'p 3', 3, 33)",
          table + " (`a, renamed`, s, m, l, `p renamed`, `q ü`, `b c`)");
    }
    String table = table("mapped_then_deleted");
    sql(
        "CREATE TABLE %s (id BIGINT, v STRING) USING delta TBLPROPERTIES"
            + " ('delta.columnMapping.mode' = 'name', 'delta.enableDeletionVectors' = 'true')",
        table);
    sql("INSERT INTO %s SELECT id, concat('v', id) FROM range(0, 1000)", table);
    sql("ALTER TABLE %s RENAME COLUMN v TO w", table);
    sql("DELETE FROM %s WHERE id %% 3 = 0", table);
  }

  /** Features that ask nothing of a reader, and types that only writers check. */
  private void writerFeatures() {
    sql(
        """
        CREATE TABLE %s (id INT, c CHAR(5), v VARCHAR(9), d INT DEFAULT 7,
          n INT NOT NULL COMMENT 'never null')
        USING delta TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported', 'delta.enableRowTracking' = 'true',
          'delta.enableInCommitTimestamps' = 'true', 'delta.enableChangeDataFeed' = 'true')""",
        table("writer_features"));
    sql(
        "INSERT INTO %s (id, c, v, n) VALUES (1, 'ab', 'varchar', 5), (2, 'abcde', NULL, 6)",
        table("writer_features"));
    String added = table("added_with_default");
    sql(
        "CREATE TABLE %s (id INT) USING delta"
            + " TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')",
        added);
    sql("INSERT INTO %s VALUES (1)", added);
    sql("ALTER TABLE %s ADD COLUMNS (d INT, s STRUCT<x: INT>)", added);
    sql("INSERT INTO %s (id) VALUES (2)", added);
    sql("ALTER TABLE %s ALTER COLUMN d SET DEFAULT 7", added);
    sql("INSERT INTO %s (id, s) VALUES (3, named_struct('x', 1))", added);
    sql("ALTER TABLE %s ALTER COLUMN d SET DEFAULT 8", added);
    sql("INSERT INTO %s (id, s) VALUES (4, NULL)", added);
    DeltaTable.create(spark)
        .location(directory.resolve("generated").toString())
        .addColumn("id", "INT")
        .addColumn(
            DeltaTable.columnBuilder(spark, "g")
                .dataType("INT")
                .generatedAlwaysAs("id * 2")
                .build())
        .execute();
    sql("INSERT INTO %s (id) VALUES (1), (2)", table("generated"));
    sql("ALTER TABLE %s ADD CONSTRAINT positive CHECK (id > 0)", table("writer_features"));
  }
}
