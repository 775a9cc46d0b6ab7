/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The tables against which random predicates, limits and aggregates are tried: {@value #FILES}
 * files of {@value #ROWS} rows, a key {@code id}, and columns whose values lie in another narrow
 * range in every file, with nulls between, and nothing but null in one of the files.
 */
public enum CorpusTable {
  PLAIN,
  /** The same without statistics of any column. */
  NO_STATISTICS,
  /** Every file in a partition of its own, half of them with times written without a zone. */
  PARTITIONED,
  /** Files that have lost some rows, those with their least and greatest values among them. */
  DELETED,
  /**
   * Mapped by name later than written, so that physical names are the first names, and then
   * renamed: each name is now another column's physical name.
   */
  SWAPPED,
  /** The same with partition columns. */
  SWAPPED_PARTITIONS,
  NESTED;

  /**
   * A column.
   *
   * @param name in SQL, a path into structs
   * @param partition whether it is a partition column
   */
  public record CorpusColumn(String name, SampleKind kind, boolean partition) {}

  static final int FILES = 10;
  static final int ROWS = 12;

  private static final List<SampleKind> SOME =
      List.of(
          SampleKind.INT,
          SampleKind.BIGINT,
          SampleKind.DOUBLE,
          SampleKind.STRING,
          SampleKind.DATE,
          SampleKind.TIMESTAMP,
          SampleKind.SMALL_DECIMAL);
  private static final List<SampleKind> PARTITION_KINDS =
      List.of(
          SampleKind.STRING,
          SampleKind.INT,
          SampleKind.DATE,
          SampleKind.BOOLEAN,
          SampleKind.TIMESTAMP,
          SampleKind.SMALL_DECIMAL);

  /** The name of the directory and of the shared table. */
  public String tableName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the parquet dialect can express it. */
  public boolean plain() {
    return this != DELETED && this != SWAPPED && this != SWAPPED_PARTITIONS;
  }

  /** The table as Delta Lake reads it. */
  public Dataset<Row> delta(Path directory) {
    return TestSpark.session()
        .read()
        .format("delta")
        .load(directory.resolve(tableName()).toString());
  }

  /** The columns besides {@code id} that predicates are about. */
  public List<CorpusColumn> columns() {
    List<CorpusColumn> columns = new ArrayList<>();
    switch (this) {
      case PLAIN, NO_STATISTICS -> columns.addAll(data(List.of(SampleKind.values())));
      case DELETED -> columns.addAll(data(SOME));
      case PARTITIONED -> {
        columns.addAll(data(SOME));
        PARTITION_KINDS.forEach(
            kind -> columns.add(new CorpusColumn("p" + kind.columnName(), kind, true)));
      }
      case SWAPPED, SWAPPED_PARTITIONS -> {
        boolean partitions = this == SWAPPED_PARTITIONS;
        columns.add(new CorpusColumn("a", SampleKind.INT, partitions));
        columns.add(new CorpusColumn("b", SampleKind.INT, partitions));
        columns.add(new CorpusColumn("c", SampleKind.STRING, false));
        columns.add(new CorpusColumn("d", SampleKind.STRING, false));
        columns.add(new CorpusColumn("e", SampleKind.TIMESTAMP, false));
        columns.add(new CorpusColumn("f", SampleKind.BIGINT, false));
      }
      case NESTED -> {
        columns.add(new CorpusColumn("s.i", SampleKind.INT, false));
        columns.add(new CorpusColumn("s.t", SampleKind.STRING, false));
        columns.add(new CorpusColumn("s.deep.d", SampleKind.DOUBLE, false));
        columns.add(new CorpusColumn("s.deep.ts", SampleKind.TIMESTAMP, false));
        columns.add(new CorpusColumn("c_int", SampleKind.INT, false));
      }
    }
    return columns;
  }

  private static List<CorpusColumn> data(List<SampleKind> kinds) {
    return kinds.stream().map(kind -> new CorpusColumn(kind.columnName(), kind, false)).toList();
  }

  /** Writes all tables below the directory and returns their names. */
  public static List<String> writeAll(Path directory) {
    List<String> names = new ArrayList<>();
    for (CorpusTable table : values()) {
      table.write(directory);
      names.add(table.tableName());
    }
    return names;
  }

  private void write(Path directory) {
    SparkSession spark = TestSpark.session();
    String path = directory.resolve(tableName()).toString();
    // INT96 has no statistics in Parquet's footers: without this no time would ever be skipped.
    spark.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    try {
      switch (this) {
        case PLAIN -> append(path, rows(), Map.of());
        case NO_STATISTICS -> append(path, rows(), Map.of("delta.dataSkippingNumIndexedCols", "0"));
        case PARTITIONED -> writePartitioned(path);
        case DELETED -> writeDeleted(path);
        case SWAPPED, SWAPPED_PARTITIONS -> writeSwapped(path);
        case NESTED -> append(path, nested(), Map.of());
      }
    } finally {
      spark.conf().unset("spark.sql.parquet.outputTimestampType");
    }
  }

  private void append(String path, Dataset<Row> rows, Map<String, String> properties) {
    DataFrameWriter<Row> writer = rows.write().format("delta").mode("append").options(properties);
    if (!Files.exists(Path.of(path))) {
      writer.partitionBy(
          columns().stream()
              .filter(CorpusColumn::partition)
              .map(CorpusColumn::name)
              .toArray(String[]::new));
    }
    writer.save(path);
  }

  private void writePartitioned(String path) {
    String conf = "spark.databricks.delta.write.utcTimestampPartitionValues";
    append(path, rows().where("id < " + ROWS * FILES / 2), Map.of());
    TestSpark.session().conf().set(conf, "false");
    try {
      append(path, rows().where("id >= " + ROWS * FILES / 2), Map.of());
    } finally {
      TestSpark.session().conf().unset(conf);
    }
  }

  private void writeDeleted(String path) {
    append(path, rows(), Map.of("delta.enableDeletionVectors", "true"));
    sql("DELETE FROM %s WHERE id %% 12 IN (0, 5, 11)", path);
    sql("DELETE FROM %s WHERE id BETWEEN 24 AND 35 OR id BETWEEN 49 AND 58", path);
    sql("UPDATE %s SET c_int = -10, c_string = NULL WHERE id %% 25 = 2", path);
  }

  private void writeSwapped(String path) {
    append(path, rows().where("id < 84"), Map.of());
    sql(
        "ALTER TABLE %s SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name',"
            + " 'delta.minReaderVersion' = '2', 'delta.minWriterVersion' = '5')",
        path);
    for (String[] rename :
        new String[][] {{"a", "x"}, {"b", "a"}, {"x", "b"}, {"c", "x"}, {"d", "c"}, {"x", "d"}}) {
      sql("ALTER TABLE %s RENAME COLUMN " + rename[0] + " TO " + rename[1], path);
    }
    append(path, rows().where("id >= 84"), Map.of());
  }

  private static void sql(String statement, String path) {
    TestSpark.session().sql(statement.formatted("delta.`" + path + "`"));
  }

  /** All rows, one task a file. */
  private Dataset<Row> rows() {
    List<Column> values = new ArrayList<>(List.of(functions.col("id")));
    int position = 0;
    for (CorpusColumn column : columns()) {
      String value = value(column, position++);
      values.add(functions.expr(value).as(column.name()));
    }
    return TestSpark.session()
        .range(0, (long) FILES * ROWS, 1, FILES)
        .select(values.toArray(Column[]::new));
  }

  private Dataset<Row> nested() {
    List<CorpusColumn> columns = columns();
    return TestSpark.session()
        .range(0, (long) FILES * ROWS, 1, FILES)
        .selectExpr(
            "id",
            ("IF(id %% 11 = 3, NULL, named_struct('i', %s, 't', %s, 'deep',"
                    + " IF(id %% 7 = 4, NULL, named_struct('d', %s, 'ts', %s)))) AS s")
                .formatted(
                    value(columns.get(0), 0),
                    value(columns.get(1), 1),
                    value(columns.get(2), 2),
                    value(columns.get(3), 3)),
            value(columns.get(4), 4) + " AS c_int");
  }

  /** The value in the row of {@code id}; that of a partition column is the same in a whole file. */
  private static String value(CorpusColumn column, int position) {
    SampleKind kind = column.kind();
    String file = "(id DIV " + ROWS + ")";
    List<String> literals =
        kind.samples().stream().filter(v -> allowed(column, v)).map(kind::literal).toList();
    int nullFile = position * 3 % FILES;
    String isNull =
        column.partition()
            ? "%s = %d".formatted(file, nullFile)
            : "(id + %d) %% 5 = 0 OR %s = %d".formatted(position, file, nullFile);
    return "IF(%s, NULL, element_at(array(%s), CAST((%s * %d + %s + %d) %% %d AS INT) + 1))"
        .formatted(
            isNull,
            String.join(", ", literals),
            file,
            column.partition() ? 3 : 2,
            column.partition() ? "0" : "id % 4",
            position * 5,
            literals.size());
  }

  /** Delta Lake cannot read its own partition values of empty text or years of five digits. */
  private static boolean allowed(CorpusColumn column, String value) {
    return !column.partition() || !(value.isEmpty() || value.startsWith("+"));
  }
}
