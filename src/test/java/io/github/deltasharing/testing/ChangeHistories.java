/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Delta tables with change data and a history of every kind of commit, written by Delta Lake: once
 * in a JVM, for that takes long. Tests get copies.
 */
public final class ChangeHistories {
  /** Whose every range Delta Lake can read. */
  public static final List<String> NAMES = List.of("plain", "vectors", "mapped", "by_id", "nested");

  /** Those that the parquet dialect cannot express. */
  public static final List<String> DELTA_ONLY = List.of("vectors", "mapped", "by_id");

  private static final Path ORIGINALS =
      Path.of("target", "histories-" + ProcessHandle.current().pid()).toAbsolutePath();
  private static final Set<String> WRITTEN = new HashSet<>();

  private ChangeHistories() {}

  /** Puts a copy of a table into a directory, under its name. */
  public static synchronized void copy(String name, Path directory) {
    if (WRITTEN.add(name)) {
      Corpus.interpreted(
          () -> {
            write(name);
            return null;
          });
    }
    TableCopies.copy(ORIGINALS.resolve(name), directory.resolve(name));
  }

  private static void write(String name) {
    String vectors = "'delta.enableDeletionVectors' = 'true'";
    switch (name) {
      case "plain" -> whole(name, "'delta.enableDeletionVectors' = 'false'");
      case "vectors" -> whole(name, vectors);
      case "mapped" -> mapped(name, vectors + ", 'delta.columnMapping.mode' = 'name'");
      case "by_id" -> mapped(name, vectors + ", 'delta.columnMapping.mode' = 'id'");
      case "nested" -> nested();
      default -> throw new IllegalArgumentException(name);
    }
  }

  private static String table(String name) {
    return "delta.`" + ORIGINALS.resolve(name) + "`";
  }

  private static void run(String name, String... statements) {
    for (String statement : statements) {
      TestSpark.session().sql(statement.formatted(table(name)));
    }
  }

  private static void create(String name, String properties) {
    run(
        name,
        "CREATE TABLE %s (id BIGINT, name STRING, part STRING, `a-b` INT) USING delta PARTITIONED BY (part)"
            + " TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true', 'delta.checkpointInterval' = '4', "
            + properties
            + ")",
        "INSERT INTO %s SELECT /*+ COALESCE(1) */ id, concat('n', id),"
            + " element_at(array('a', 'b c', NULL), CAST(id %% 3 AS INT) + 1), id FROM range(0, 60)");
  }

  /** Versions 0 to 12. */
  private static void whole(String name, String properties) {
    create(name, properties);
    run(
        name,
        "UPDATE %s SET name = 'updated' WHERE id %% 7 = 3",
        "DELETE FROM %s WHERE id %% 9 = 4",
        "DELETE FROM %s WHERE id %% 11 = 5",
        "DELETE FROM %s WHERE part = 'b c'",
        "RESTORE TABLE %s TO VERSION AS OF 3",
        "MERGE INTO %s t USING (SELECT id * 5 AS id FROM range(0, 20)) s ON t.id = s.id"
            + " WHEN MATCHED AND t.id %% 2 = 0 THEN UPDATE SET name = 'merged' WHEN MATCHED THEN DELETE"
            + " WHEN NOT MATCHED THEN INSERT (id, name, part) VALUES (s.id, 'new', NULL)",
        "ALTER TABLE %s ADD COLUMNS (extra INT)",
        "INSERT INTO %s VALUES (100, 'wide', 'a', 1, 1), (101, NULL, 'd%%', 2, 2)",
        "OPTIMIZE %s",
        "INSERT OVERWRITE %s VALUES (200, 'over', 'a', 3, 3), (201, 'o', NULL, 4, 4)",
        "DELETE FROM %s WHERE id = 200");
  }

  /** Versions 0 to 5, with another column from version 4 on. */
  private static void mapped(String name, String properties) {
    create(name, properties);
    run(
        name,
        "UPDATE %s SET name = 'updated' WHERE id %% 7 = 3",
        "DELETE FROM %s WHERE id %% 9 = 4",
        "ALTER TABLE %s ADD COLUMNS (extra INT)",
        "INSERT INTO %s VALUES (100, 'wide', 'a', 1, 1)");
  }

  /** Versions 0 to 4; structs in structs, and a name like those of change feeds. */
  private static void nested() {
    run(
        "nested",
        "CREATE TABLE %s (id BIGINT, s STRUCT<a: BIGINT, t: STRUCT<b: STRING, c: INT>>, l ARRAY<INT>,"
            + " `_change` STRING) USING delta TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')",
        "INSERT INTO %s SELECT id, IF(id %% 5 = 0, NULL, named_struct('a', id, 't',"
            + " named_struct('b', concat('b', id), 'c', id))), array(1, id), 'x' FROM range(0, 40, 1, 1)",
        "UPDATE %s SET s = named_struct('a', -1, 't', NULL) WHERE id %% 4 = 1",
        "DELETE FROM %s WHERE id > 35",
        "UPDATE %s SET l = NULL WHERE id < 3");
  }
}
