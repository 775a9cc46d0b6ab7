package io.github.deltasharing.benchmarks;

import static io.github.deltasharing.benchmarks.BenchmarkTables.MEDIUM_FILES;
import static io.github.deltasharing.benchmarks.BenchmarkTables.ORDERS;
import static io.github.deltasharing.benchmarks.BenchmarkTables.ORDERS_DELETED;
import static io.github.deltasharing.benchmarks.BenchmarkTables.SMALL_FILES;
import static io.github.deltasharing.benchmarks.BenchmarkTables.WIDE;

import io.github.deltasharing.examples.ScanReport;
import io.github.deltasharing.testing.TestShare;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reading tables, from {@code load} to the last row. Every value of every column asked for is
 * decoded and put into a row; the rows are dropped.
 */
final class Scans {
  private static final List<String> TWO_COLUMNS = List.of("long_3", "text_7");

  private final SparkSession spark;
  private final BenchmarkTables tables;
  private final TestShare share;
  private final TestShare tlsShare;
  private final Map<Integer, java.nio.file.Path> slowProfiles;

  /**
   * @param tlsShare of the same tables, with TLS
   * @param slowProfiles of {@code share}, each through a {@link LatencyRelay}, by its milliseconds
   */
  Scans(
      SparkSession spark,
      BenchmarkTables tables,
      TestShare share,
      TestShare tlsShare,
      Map<Integer, java.nio.file.Path> slowProfiles) {
    this.spark = spark;
    this.tables = tables;
    this.share = share;
    this.tlsShare = tlsShare;
    this.slowProfiles = slowProfiles;
  }

  List<Comparison> all() throws IOException {
    long needed = columnChunkBytes(WIDE, TWO_COLUMNS);
    return List.of(
        new Comparison(
            "full",
            "full scan, 60 columns / local files",
            1.15,
            () -> drain(shared(WIDE)),
            () -> drain(local(WIDE))),
        new Comparison(
            "small",
            "1,000 small files / local files",
            1.5,
            () -> drain(shared(SMALL_FILES)),
            () -> drain(local(SMALL_FILES))),
        new Comparison(
            "medium",
            "80 files of 3.6 MB, 60 columns / local files",
            Double.NaN,
            () -> drain(shared(MEDIUM_FILES)),
            () -> drain(local(MEDIUM_FILES))),
        new Comparison(
            "medium-30ms",
            "80 files of 3.6 MB, 60 columns, 30 ms before each answer / local files",
            Double.NaN,
            () -> drain(slow(30, MEDIUM_FILES)),
            () -> drain(local(MEDIUM_FILES))),
        new Comparison(
            "medium-100ms",
            "80 files of 3.6 MB, 60 columns, 100 ms before each answer / local files",
            Double.NaN,
            () -> drain(slow(100, MEDIUM_FILES)),
            () -> drain(local(MEDIUM_FILES))),
        new Comparison(
            "full-30ms",
            "full scan, 60 columns, 30 ms before each answer / local files",
            1.35,
            () -> drain(slow(30, WIDE)),
            () -> drain(local(WIDE))),
        new Comparison(
            "small-30ms",
            "1,000 small files, 30 ms before each answer / local files",
            1.5,
            () -> drain(slow(30, SMALL_FILES)),
            () -> drain(local(SMALL_FILES))),
        new Comparison(
            "full-100ms",
            "full scan, 60 columns, 100 ms before each answer / local files",
            Double.NaN,
            () -> drain(slow(100, WIDE)),
            () -> drain(local(WIDE))),
        new Comparison(
            "small-100ms",
            "1,000 small files, 100 ms before each answer / local files",
            Double.NaN,
            () -> drain(slow(100, SMALL_FILES)),
            () -> drain(local(SMALL_FILES))),
        new Comparison(
            "full-tls",
            "full scan, 60 columns, over TLS / without TLS",
            1.2,
            () -> drain(overTls(WIDE)),
            () -> drain(shared(WIDE))),
        new Comparison(
            "small-tls",
            "1,000 small files over TLS / without TLS",
            1.2,
            () -> drain(overTls(SMALL_FILES)),
            () -> drain(shared(SMALL_FILES))),
        new Comparison(
            "columns",
            "2 of 60 columns / local files",
            Double.NaN,
            () -> drain(two(shared(WIDE)), needed),
            () -> drain(two(local(WIDE)))),
        new Comparison(
            "deletions",
            "10 % of rows deleted, scattered / none deleted, both shared",
            1.25,
            () -> drain(shared(ORDERS_DELETED)),
            () -> drain(shared(ORDERS))),
        new Comparison(
            "deletions-sums",
            "the same, columns summed instead of made rows",
            1.25,
            () -> drain(sums(shared(ORDERS_DELETED))),
            () -> drain(sums(shared(ORDERS)))),
        new Comparison(
            "orders",
            "full scan, 8 columns / local files",
            1.15,
            () -> drain(shared(ORDERS)),
            () -> drain(local(ORDERS))));
  }

  private Dataset<Row> shared(String table) {
    return spark.read().format("deltaSharing").load(share.path(table));
  }

  private Dataset<Row> slow(int millis, String table) {
    return spark
        .read()
        .format("deltaSharing")
        .load(slowProfiles.get(millis) + "#share.schema." + table);
  }

  private Dataset<Row> overTls(String table) {
    return spark
        .read()
        .format("deltaSharing")
        .option("sslTrustAll", "true")
        .load(tlsShare.path(table));
  }

  private Dataset<Row> local(String table) {
    return spark.read().parquet(tables.path(table).toString());
  }

  private static Dataset<Row> two(Dataset<Row> table) {
    return table.select(TWO_COLUMNS.get(0), TWO_COLUMNS.get(1));
  }

  /** Little work for each value, so that what fetching it costs shows. */
  private static Dataset<Row> sums(Dataset<Row> orders) {
    return orders.selectExpr(
        "sum(order_id)",
        "sum(customer_id)",
        "sum(quantity)",
        "max(price)",
        "max(ordered_at)",
        "count(status)",
        "sum(weight)",
        "count(note)");
  }

  private static String drain(Dataset<Row> query) {
    long rows = query.queryExecution().toRdd().count();
    ScanReport report = ScanReport.of(query);
    return report.files() == 0
        ? "%,d rows".formatted(rows)
        : "%,d rows, %s".formatted(rows, report);
  }

  private static String drain(Dataset<Row> query, long neededBytes) {
    String words = drain(query);
    return "%s, %.3f × the bytes of the columns"
        .formatted(words, (double) ScanReport.of(query).bytes() / neededBytes);
  }

  /** What the files' own footers say. */
  private long columnChunkBytes(String table, List<String> columns) throws IOException {
    long sum = 0;
    try (Stream<java.nio.file.Path> files = java.nio.file.Files.list(tables.path(table))) {
      for (java.nio.file.Path file :
          files.filter(path -> path.toString().endsWith(".parquet")).toList()) {
        sum += columnChunkBytes(new Path(file.toUri()), columns);
      }
    }
    return sum;
  }

  private static long columnChunkBytes(Path file, List<String> columns) throws IOException {
    long sum = 0;
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, new Configuration()))) {
      for (BlockMetaData rowGroup : reader.getRowGroups()) {
        for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
          sum += columns.contains(chunk.getPath().toDotString()) ? chunk.getTotalSize() : 0;
        }
      }
    }
    return sum;
  }
}
