/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A script of an Iceberg table with a random schema, partitioning, format version and history, all
 * of them following from a seed, for {@code IcebergTablesMain}. Its first column is {@code k}.
 */
final class IcebergHistory {
  private static final int STATEMENTS = 14;

  /** What a column begins as, what it may be promoted to, and its values by the key. */
  private enum Kind {
    INT("INT", "BIGINT", "CAST(id * 7 % 1000 AS INT)"),
    FLOAT("FLOAT", "DOUBLE", "CAST(id AS FLOAT) / 3"),
    DECIMAL("DECIMAL(5,2)", "DECIMAL(12,2)", "CAST(id % 900 AS DECIMAL(5,2))"),
    STRING("STRING", "", "concat('v', id % 17)"),
    DATE("DATE", "", "date_add(DATE'2020-01-01', CAST(id % 900 AS INT))"),
    TIMESTAMP("TIMESTAMP", "", "timestamp_micros(1600000000000000 + id * 123456789)"),
    NTZ("TIMESTAMP_NTZ", "", "CAST(timestamp_micros(id * 98765432101) AS TIMESTAMP_NTZ)"),
    BOOLEAN("BOOLEAN", "", "id % 2 = 0"),
    BINARY("BINARY", "", "CAST(concat('b', id) AS BINARY)"),
    STRUCT(
        "STRUCT<x: INT, y: STRING>",
        "",
        "named_struct('x', CAST(id AS INT), 'y', concat('y', id))"),
    LIST("ARRAY<INT>", "", "array(CAST(id AS INT), NULL)"),
    MAP("MAP<STRING, INT>", "", "map('a', CAST(id AS INT))");

    private final String type;
    private final String wider;
    private final String value;

    Kind(String type, String wider, String value) {
      this.type = type;
      this.wider = wider;
      this.value = value;
    }
  }

  private static final class Column {
    private String name;
    private final Kind kind;
    private String type;
    private boolean partition;

    Column(String name, Kind kind) {
      this.name = name;
      this.kind = kind;
      this.type = kind.type;
    }
  }

  private final Random random;
  private final List<Column> columns = new ArrayList<>();
  private final List<String> statements = new ArrayList<>();
  private final Set<String> partitions = new HashSet<>();

  /** The fields that partitions have now. */
  private final List<String> fields = new ArrayList<>();

  private int format;
  private final boolean equality;
  private int named;
  private int nextKey;

  private IcebergHistory(long seed, boolean added) {
    this.random = new Random(seed);
    this.format = 1 + random.nextInt(3);
    this.equality = !added && format > 1 && random.nextInt(3) == 0;
  }

  /** The script of a seed. */
  static String script(long seed) {
    return script(seed, Optional.empty());
  }

  /**
   * The script of a seed, for a table whose first files are those of a table of Spark's.
   *
   * @param source that table's name
   */
  static String script(long seed, String source) {
    return script(seed, Optional.of(source));
  }

  private static String script(long seed, Optional<String> source) {
    IcebergHistory history = new IcebergHistory(seed, source.isPresent());
    source.ifPresentOrElse(history::add, history::create);
    for (int i = 0; i < STATEMENTS; i++) {
      history.next();
    }
    return history.statements.stream().map(sql -> sql + ";\n").collect(Collectors.joining());
  }

  private <T> T any(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }

  private void columns() {
    int count = 2 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      columns.add(new Column("c" + named++, any(List.of(Kind.values()))));
    }
  }

  /** Its partition columns are those of directories, which files lack. */
  private void add(String source) {
    columns();
    columns.stream()
        .filter(c -> List.of(Kind.INT, Kind.STRING, Kind.DATE, Kind.BOOLEAN).contains(c.kind))
        .limit(Math.min(random.nextInt(3), columns.size() - 1))
        .forEach(
            column -> {
              column.partition = true;
              partitions.add(column.name);
              fields.add(column.name);
            });
    statements.add(
        "CREATE TABLE %s (k BIGINT, %s) USING parquet%s LOCATION '{location}/imported'"
            .formatted(source, types(), partitionedBy()));
    insert(source);
    table();
    statements.add(
        "CALL ice.system.add_files(table => '{name}', source_table => '%s')".formatted(source));
  }

  private void create() {
    columns();
    if (!equality) {
      for (int i = random.nextInt(3); i > 0; i--) {
        String field = field();
        if (field != null) {
          fields.add(field);
        }
      }
    }
    table();
    insert();
  }

  private String types() {
    return columns.stream().map(c -> c.name + " " + c.type).collect(Collectors.joining(", "));
  }

  private String partitionedBy() {
    return fields.isEmpty() ? "" : " PARTITIONED BY (" + String.join(", ", fields) + ")";
  }

  private void table() {
    String mode = format > 1 && random.nextInt(3) > 0 ? "merge-on-read" : "copy-on-write";
    statements.add(
        "CREATE TABLE {table} (k BIGINT, "
            + types()
            + ") USING iceberg"
            + partitionedBy()
            + " TBLPROPERTIES ('format-version' = '%d', 'write.delete.mode' = '%s', 'write.update.mode' = '%s', 'write.merge.mode' = '%s', 'write.delete.granularity' = '%s')"
                .formatted(format, mode, mode, mode, random.nextBoolean() ? "file" : "partition"));
  }

  /** A field of a partition that there is not yet; null if it is one that is not possible. */
  private String field() {
    Column column = any(columns);
    String name = column.name;
    List<String> transforms =
        switch (column.kind) {
          case INT -> List.of(name, "bucket(3, " + name + ")", "truncate(100, " + name + ")");
          case STRING -> List.of(name, "bucket(2, " + name + ")", "truncate(2, " + name + ")");
          case DATE ->
              List.of("years(" + name + ")", "months(" + name + ")", "bucket(2, " + name + ")");
          case TIMESTAMP ->
              List.of("years(" + name + ")", "days(" + name + ")", "hours(" + name + ")");
          case DECIMAL -> List.of("bucket(2, " + name + ")", "truncate(50, " + name + ")");
          case BOOLEAN -> List.of(name);
          default -> List.of();
        };
    // One field of each column: Iceberg names them after it.
    if (transforms.isEmpty() || !partitions.add(name)) {
      return null;
    }
    column.partition = true;
    return any(transforms);
  }

  private void insert() {
    insert("{table}");
  }

  private void insert(String table) {
    int rows = 1 + random.nextInt(60);
    statements.add(
        "INSERT INTO "
            + table
            + " BY NAME SELECT "
            + (random.nextBoolean() ? "/*+ COALESCE(1) */ " : "")
            + values()
            + " FROM range(%d, %d)".formatted(nextKey, nextKey + rows));
    nextKey += rows;
  }

  private String values() {
    return "id AS k"
        + columns.stream()
            .map(c -> ", " + value(c) + " AS " + c.name)
            .collect(Collectors.joining());
  }

  private String value(Column column) {
    String value =
        switch (column.kind) {
          case STRUCT ->
              column.type.contains("z:")
                  ? "named_struct('x', CAST(id AS INT), 'y', 'y', 'z', id)"
                  : column.kind.value;
          default -> column.kind.value;
        };
    return "CAST(IF(id %% %d = 1, NULL, %s) AS %s)"
        .formatted(2 + random.nextInt(9), value, column.type);
  }

  private String condition() {
    return switch (random.nextInt(3)) {
      case 0 -> "k % " + (2 + random.nextInt(6)) + " = " + random.nextInt(3);
      case 1 -> "k BETWEEN " + random.nextInt(nextKey) + " AND " + random.nextInt(nextKey);
      default -> "k IN (" + random.nextInt(nextKey) + ", " + random.nextInt(nextKey) + ")";
    };
  }

  private void next() {
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> insert();
      case 3, 4 -> statements.add("DELETE FROM {table} WHERE " + condition());
      case 5 -> {
        Column column = any(columns);
        statements.add("UPDATE {table} SET %s = NULL WHERE %s".formatted(column.name, condition()));
      }
      case 6 -> merge();
      case 7 -> add();
      case 8 -> change();
      case 9 -> partition();
      case 10 ->
          statements.add(
              "CALL ice.system.rewrite_data_files(table => '{name}', options => map('rewrite-all', 'true'))");
      case 11 -> {
        if (format < 3) {
          format++;
          statements.add(
              "ALTER TABLE {table} SET TBLPROPERTIES ('format-version' = '%d')".formatted(format));
        }
      }
      case 12 -> {
        if (equality) {
          statements.add(
              "EQUALITY DELETE (k) SELECT id AS k FROM range(%d, %d)"
                  .formatted(random.nextInt(nextKey), nextKey));
        } else {
          insert();
          statements.add(
              "CALL ice.system.rollback_to_snapshot(table => '{name}', snapshot_id => {parent})");
        }
      }
      default ->
          statements.add(
              "INSERT OVERWRITE {table} BY NAME SELECT %s FROM range(%d)"
                  .formatted(values(), 1 + random.nextInt(20)));
    }
  }

  private void merge() {
    int from = random.nextInt(nextKey);
    int to = nextKey + random.nextInt(10);
    statements.add(
        "MERGE INTO {table} t USING (SELECT %s FROM range(%d, %d)) s ON t.k = s.k WHEN MATCHED AND s.k %% 3 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
            .formatted(values(), from, to));
    nextKey = Math.max(nextKey, to);
  }

  private void add() {
    Column column = new Column("c" + named++, any(List.of(Kind.values())));
    statements.add(
        "ALTER TABLE {table} ADD COLUMN %s %s%s"
            .formatted(column.name, column.type, random.nextInt(3) == 0 ? " FIRST" : ""));
    // First in the table, wherever it is here: statements name their columns.
    columns.add(column);
  }

  private void change() {
    Column column = any(columns);
    switch (random.nextInt(4)) {
      case 0 -> {
        // Names that others had before, too.
        String name = random.nextBoolean() ? "c" + named++ : "c" + random.nextInt(named);
        if (columns.stream().noneMatch(c -> c.name.equals(name)) && !column.partition) {
          statements.add("ALTER TABLE {table} RENAME COLUMN %s TO %s".formatted(column.name, name));
          column.name = name;
        }
      }
      case 1 -> {
        if (columns.size() > 1 && !column.partition && !equality) {
          statements.add("ALTER TABLE {table} DROP COLUMN " + column.name);
          columns.remove(column);
        }
      }
      case 2 -> {
        if (!column.kind.wider.isEmpty()
            && !column.partition
            && !column.type.equals(column.kind.wider)) {
          column.type = column.kind.wider;
          statements.add(
              "ALTER TABLE {table} ALTER COLUMN %s TYPE %s".formatted(column.name, column.type));
        }
      }
      default -> {
        if (column.kind == Kind.STRUCT && !column.type.contains("z:")) {
          column.type = "STRUCT<x: INT, y: STRING, z: BIGINT>";
          statements.add("ALTER TABLE {table} ADD COLUMN %s.z BIGINT".formatted(column.name));
        } else {
          statements.add("ALTER TABLE {table} ALTER COLUMN %s FIRST".formatted(column.name));
        }
      }
    }
  }

  private void partition() {
    if (equality) {
      return;
    }
    if (!fields.isEmpty() && random.nextBoolean()) {
      String field = fields.remove(random.nextInt(fields.size()));
      statements.add("ALTER TABLE {table} DROP PARTITION FIELD " + field);
    } else {
      String field = field();
      if (field != null) {
        fields.add(field);
        statements.add("ALTER TABLE {table} ADD PARTITION FIELD " + field);
      }
    }
  }
}
