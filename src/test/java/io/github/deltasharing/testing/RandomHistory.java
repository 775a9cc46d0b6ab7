/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import io.delta.tables.DeltaTable;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.spark.sql.SparkSession;

/**
 * A Delta table with a random schema, random properties and a random history, all of them following
 * from a seed. Its first column is {@code k}, a key that is never null.
 */
public final class RandomHistory {
  private static final List<String> NAMES =
      List.of("select", "Id", "ünï_日本", "a.b", "x-y", "1st", "date", "Ä");

  /** Names that only column mapping allows. */
  private static final List<String> MAPPED_NAMES = List.of("a b", "c,d;{}", "e=f()", "tab\tin");

  private record Column(String name, RandomType type, boolean partition) {
    String quoted() {
      return "`" + name + "`";
    }

    String ddl() {
      return quoted() + " " + type.ddl();
    }
  }

  private final SparkSession spark;
  private final Random random;
  private final Path directory;
  private final String table;
  private final String mapping;
  private final boolean deletionVectors;
  private final boolean ntz;
  private final boolean changeFeed;
  private final List<Column> columns = new ArrayList<>();
  private final List<String> statements = new ArrayList<>();
  private long nextKey;
  private int named;

  private RandomHistory(SparkSession spark, Path directory, Random random, boolean changeFeed) {
    this.spark = spark;
    this.random = random;
    this.directory = directory;
    this.table = "delta.`" + directory + "`";
    this.mapping = List.of("none", "name", "id").get(random.nextInt(3));
    this.deletionVectors = random.nextBoolean();
    this.ntz = random.nextInt(3) == 0;
    this.changeFeed = changeFeed;
  }

  /** The seeds of a few histories, always the same; or the one of the property history.seed. */
  public static LongStream seeds(int count) {
    return seedsOr(LongStream.rangeClosed(1, count));
  }

  /** Other ones every day. */
  public static LongStream nightlySeeds(int count) {
    long first = LocalDate.now(ZoneOffset.UTC).toEpochDay() * 1000;
    return seedsOr(LongStream.range(first, first + count));
  }

  private static LongStream seedsOr(LongStream all) {
    String seed = System.getProperty("history.seed", "");
    return seed.isEmpty() ? all : LongStream.of(Long.parseLong(seed));
  }

  /** Writes a table into a directory: 3 to 6 commits besides its creation. */
  public static RandomHistory write(SparkSession spark, Path directory, Random random) {
    return write(new RandomHistory(spark, directory, random, false));
  }

  /** The same with change data, and restored now and then. */
  public static RandomHistory writeWithChanges(SparkSession spark, Path directory, Random random) {
    return write(new RandomHistory(spark, directory, random, true));
  }

  private static RandomHistory write(RandomHistory history) {
    SparkSession spark = history.spark;
    Random random = history.random;
    // Row groups of 100 rows, so that small files can be split.
    spark.conf().set("parquet.block.size", random.nextBoolean() ? "1024" : "1048576");
    try {
      history.create();
      history.insert(120 + random.nextInt(80));
      int more = 2 + random.nextInt(4);
      for (int i = 0; i < more; i++) {
        history.change();
      }
    } finally {
      spark.conf().unset("parquet.block.size");
    }
    return history;
  }

  /** What was run, in its order. */
  public List<String> statements() {
    return statements;
  }

  /** The table's latest version: not every statement finds something to commit. */
  public long version() {
    return DeltaTable.forPath(spark, directory.toString())
        .history(1)
        .select("version")
        .head()
        .getLong(0);
  }

  /** Whether the parquet dialect can express every version of the table. */
  public boolean plain() {
    return mapping.equals("none") && !deletionVectors && !ntz;
  }

  private void sql(String statement) {
    statements.add(statement);
    spark.sql(statement);
  }

  private void create() {
    columns.add(new Column("k", RandomType.bigint(), false));
    int partitions = random.nextInt(3);
    int data = 1 + random.nextInt(5);
    for (int i = 0; i < partitions + data; i++) {
      boolean partition = i < partitions;
      RandomType type = partition ? RandomType.partition(random) : RandomType.of(random, 3, ntz);
      columns.add(
          random.nextInt(columns.size()) + 1, new Column(newName(partition), type, partition));
    }
    String partitionedBy =
        columns.stream()
            .filter(Column::partition)
            .map(Column::quoted)
            .collect(Collectors.joining(", "));
    sql(
        "CREATE TABLE %s (%s) USING delta %s TBLPROPERTIES (%s)"
            .formatted(
                table,
                columns.stream().map(Column::ddl).collect(Collectors.joining(", ")),
                partitions == 0 ? "" : "PARTITIONED BY (" + partitionedBy + ")",
                "'delta.enableChangeDataFeed' = '%s', 'delta.enableDeletionVectors' = '%s', 'delta.columnMapping.mode' = '%s', 'delta.checkpointInterval' = '%d'%s"
                    .formatted(
                        changeFeed,
                        deletionVectors,
                        mapping,
                        2 + random.nextInt(9),
                        ntz ? ", 'delta.feature.timestampNtz' = 'supported'" : "")));
  }

  private String newName(boolean partition) {
    int i = named++;
    if (!mapping.equals("none") && random.nextInt(4) == 0) {
      return MAPPED_NAMES.get(random.nextInt(MAPPED_NAMES.size())) + i;
    }
    String name = NAMES.get(random.nextInt(NAMES.size()));
    return (partition ? name.replace('.', '_') : name) + i;
  }

  private void change() {
    if (changeFeed && random.nextInt(6) == 0) {
      restore();
      return;
    }
    boolean mapped = !mapping.equals("none");
    switch (random.nextInt(mapped ? 12 : 10)) {
      case 0 -> insert(1 + random.nextInt(40));
      case 1, 2 -> update();
      case 3, 4 -> delete();
      case 5, 6 -> merge();
      case 7 -> addColumn();
      case 8 -> sql("OPTIMIZE " + table);
      case 9 -> overwrite();
      case 10 -> renameColumn();
      default -> dropColumn();
    }
  }

  /** All columns for some keys, as a query. */
  private String rows(long from, long to, int salt) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      String value = column.name().equals("k") ? "k" : column.type().value(salt + 100 * i);
      values.add(value + " AS " + column.quoted());
    }
    return "SELECT /*+ %s */ %s FROM (SELECT id AS k FROM range(%d, %d))"
        .formatted(
            random.nextInt(3) == 0 ? "REPARTITION(2)" : "COALESCE(1)",
            String.join(", ", values),
            from,
            to);
  }

  private void insert(int rows) {
    sql("INSERT INTO " + table + " " + rows(nextKey, nextKey + rows, random.nextInt(1000)));
    nextKey += rows;
  }

  private void overwrite() {
    sql(
        "INSERT OVERWRITE "
            + table
            + " "
            + rows(nextKey, nextKey + 20 + random.nextInt(100), random.nextInt(1000)));
    nextKey += 120;
  }

  private void update() {
    Column column = columns.get(random.nextInt(columns.size()));
    String value = column.name().equals("k") ? "k + 1000" : column.type().value(7);
    sql("UPDATE %s SET %s = %s WHERE %s".formatted(table, column.quoted(), value, some()));
  }

  private void delete() {
    sql("DELETE FROM " + table + " WHERE " + some());
  }

  private String some() {
    Column column = columns.get(random.nextInt(columns.size()));
    return switch (random.nextInt(5)) {
      case 0 -> "k BETWEEN 30 AND " + (40 + random.nextInt(100));
      case 1 -> column.quoted() + " IS NULL";
      default -> "k % " + (2 + random.nextInt(9)) + " = 1";
    };
  }

  private void merge() {
    long from = Math.max(0, nextKey - random.nextInt(100));
    long to = from + 1 + random.nextInt(60);
    sql(
        "MERGE INTO %s t USING (%s) s ON t.k = s.k WHEN MATCHED AND t.k %% 5 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
            .formatted(table, rows(from, to, random.nextInt(1000))));
    nextKey = Math.max(nextKey, to);
  }

  private void addColumn() {
    Column column = new Column(newName(false), RandomType.of(random, 2, ntz), false);
    sql("ALTER TABLE " + table + " ADD COLUMNS (" + column.ddl() + ")");
    columns.add(column);
  }

  private void renameColumn() {
    int i = 1 + random.nextInt(columns.size() - 1);
    Column old = columns.get(i);
    Column renamed = new Column(newName(old.partition()), old.type(), old.partition());
    sql("ALTER TABLE %s RENAME COLUMN %s TO %s".formatted(table, old.quoted(), renamed.quoted()));
    columns.set(i, renamed);
  }

  /** The columns stay as they are: the version before has them, or Delta Lake takes them back. */
  private void restore() {
    long latest = version();
    boolean sameColumns =
        statements
            .get(statements.size() - 1)
            .matches("(INSERT|UPDATE|DELETE|MERGE|OPTIMIZE)(?s:.*)");
    if (sameColumns && latest > 1) {
      sql("RESTORE TABLE %s TO VERSION AS OF %d".formatted(table, latest - 1));
    } else {
      delete();
    }
  }

  private void dropColumn() {
    List<Column> data =
        columns.stream().filter(c -> !c.partition() && !c.name().equals("k")).toList();
    if (data.size() < 2) {
      renameColumn();
      return;
    }
    Column dropped = data.get(random.nextInt(data.size()));
    sql("ALTER TABLE " + table + " DROP COLUMN " + dropped.quoted());
    columns.remove(dropped);
  }
}
