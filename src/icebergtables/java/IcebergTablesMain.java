/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.testing.Rows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.iceberg.util.SnapshotUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Writes tables with Iceberg's own Spark runtime, and what its reader reads of each of their
 * snapshots: one table of the Hadoop catalog in {@code warehouse} for each SQL file, and beside it
 * the rows as JSON. Run by {@code testing.IcebergTables} in a JVM of its own: the runtime has
 * classes of the same names as the server's Iceberg.
 */
public class IcebergTablesMain {
  /**
   * What Iceberg reads: of the head (without a name), of branches and tags, and of older snapshots
   * by their ids.
   */
  public record Read(String schema, List<String> rows, long sequenceNumber, long timestamp) {}

  private static final Pattern EQUALITY =
      Pattern.compile("(?s)EQUALITY DELETE \\(([^)]*)\\)(?: IN (\\d+))? (SELECT .*)");

  public static void main(String[] arguments) throws Exception {
    Path sql = Path.of(arguments[0]);
    Path warehouse = Path.of(arguments[1]);
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.default.parallelism", "2")
            .config("spark.sql.session.timeZone", "UTC")
            .config(
                "spark.sql.extensions",
                "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
            .config("spark.sql.catalog.ice", "org.apache.iceberg.spark.SparkCatalog")
            .config("spark.sql.catalog.ice.type", "hadoop")
            .config("spark.sql.catalog.ice.cache-enabled", "false")
            .config("spark.sql.catalog.ice.warehouse", warehouse.toString())
            // Procedures migrate tables of the session's catalog, which has to be Iceberg's for it.
            .config(
                "spark.sql.catalog.spark_catalog", "org.apache.iceberg.spark.SparkSessionCatalog")
            .config(
                "spark.sql.catalog.spark_catalog.catalog-impl",
                "org.apache.iceberg.jdbc.JdbcCatalog")
            .config("spark.sql.catalog.spark_catalog.uri", "jdbc:h2:mem:session;DB_CLOSE_DELAY=-1")
            .config(
                "spark.sql.catalog.spark_catalog.warehouse",
                warehouse.resolveSibling("session").toString())
            .config("spark.sql.warehouse.dir", warehouse.resolveSibling("spark").toString())
            .getOrCreate();
    List<Path> files;
    try (Stream<Path> all = Files.list(sql)) {
      files =
          all.filter(file -> file.toString().endsWith(".sql"))
              .sorted(Comparator.naturalOrder())
              .toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString().replaceFirst("\\.sql$", "");
      long start = System.nanoTime();
      write(spark, name, warehouse, Files.readString(file));
      new ObjectMapper()
          .writeValue(
              warehouse.resolveSibling(name + ".json").toFile(), reads(spark, "ice.db." + name));
      System.out.printf("%s %d ms%n", name, (System.nanoTime() - start) / 1_000_000);
    }
    spark.stop();
  }

  /**
   * {@code {parent}} is the id of the snapshot before the current one, {@code {location}} the
   * table's directory, {@code {metadata}} the newest file of metadata there.
   */
  private static void write(SparkSession spark, String name, Path warehouse, String script)
      throws Exception {
    String table = "ice.db." + name;
    for (String statement : script.replaceAll("(?m)^--.*$", "").split(";\\s*\\n")) {
      String sql =
          statement
              .replace("{table}", table)
              .replace("{name}", "db." + name)
              .replace("{location}", warehouse.resolve("db").resolve(name).toString());
      if (sql.contains("{metadata}")) {
        sql = sql.replace("{metadata}", newest(warehouse.resolve("db").resolve(name)).toString());
      }
      if (sql.contains("{parent}")) {
        sql =
            sql.replace(
                "{parent}",
                "" + Spark3Util.loadIcebergTable(spark, table).currentSnapshot().parentId());
      }
      Matcher equality = EQUALITY.matcher(sql.strip());
      if (equality.matches()) {
        deleteByEquality(
            Spark3Util.loadIcebergTable(spark, table),
            equality.group(1).split(", *"),
            equality.group(2),
            spark.sql(equality.group(3)).collectAsList());
      } else if (!sql.isBlank()) {
        spark.sql(sql);
      }
    }
  }

  /** The newest file of metadata of a table of another catalog. */
  private static Path newest(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table.resolve("metadata"))) {
      return files
          .filter(file -> file.toString().endsWith(".metadata.json"))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  /** As streaming writers do, by Iceberg's own writer: no SQL statement leaves such deletes. */
  private static void deleteByEquality(
      Table table, String[] columns, String partition, List<Row> rows) throws Exception {
    Schema schema = table.schema().select(columns);
    PartitionData key = null;
    if (partition != null) {
      key = new PartitionData(table.spec().partitionType());
      key.set(0, Integer.valueOf(partition));
    }
    EqualityDeleteWriter<Record> writer =
        Parquet.writeDeletes(
                table
                    .io()
                    .newOutputFile(table.location() + "/data/eq-" + UUID.randomUUID() + ".parquet"))
            .forTable(table)
            .rowSchema(schema)
            .createWriterFunc(GenericParquetWriter::create)
            .equalityFieldIds(
                Arrays.stream(columns)
                    .mapToInt(c -> table.schema().findField(c).fieldId())
                    .toArray())
            .withSpec(partition == null ? PartitionSpec.unpartitioned() : table.spec())
            .withPartition(key)
            .buildEqualityWriter();
    try (writer) {
      for (Row row : rows) {
        GenericRecord record = GenericRecord.create(schema);
        for (String column : columns) {
          record.setField(column, value(row.get(row.fieldIndex(column))));
        }
        writer.write(record);
      }
    }
    table.newRowDelta().addDeletes(writer.toDeleteFile()).commit();
  }

  /** A value of Spark's as Iceberg's generic records have it. */
  private static Object value(Object value) {
    if (value instanceof java.sql.Date date) {
      return date.toLocalDate();
    }
    if (value instanceof java.sql.Timestamp time) {
      return time.toInstant().atOffset(ZoneOffset.UTC);
    }
    return value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
  }

  private static Map<String, Read> reads(SparkSession spark, String name) throws Exception {
    Table table = Spark3Util.loadIcebergTable(spark, name);
    Map<String, Read> reads = new LinkedHashMap<>();
    reads.put("", read(spark.table(name), table.currentSnapshot()));
    for (String ref : table.refs().keySet()) {
      if (!ref.equals("main")) {
        Dataset<Row> data = spark.sql("SELECT * FROM " + name + " VERSION AS OF '" + ref + "'");
        reads.put(ref, read(data, table.snapshot(ref)));
      }
    }
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (snapshot.snapshotId() != table.currentSnapshot().snapshotId()) {
        reads.put(
            "" + snapshot.snapshotId(),
            read(
                spark.sql("SELECT * FROM " + name + " VERSION AS OF " + snapshot.snapshotId()),
                snapshot));
      }
    }
    return reads;
  }

  private static Read read(Dataset<Row> data, Snapshot snapshot) {
    return new Read(
        data.schema().simpleString(),
        new ArrayList<>(Rows.of(data)),
        snapshot == null ? 0 : snapshot.sequenceNumber(),
        snapshot == null ? 0 : snapshot.timestampMillis());
  }
}
