/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import static io.github.deltasharing.benchmarks.BenchmarkTables.MEDIUM_FILES;
import static io.github.deltasharing.benchmarks.BenchmarkTables.NESTED;
import static io.github.deltasharing.benchmarks.BenchmarkTables.ORDERS;
import static io.github.deltasharing.benchmarks.BenchmarkTables.ORDERS_DELETED;
import static io.github.deltasharing.benchmarks.BenchmarkTables.SMALL_FILES;
import static io.github.deltasharing.benchmarks.BenchmarkTables.WIDE;

import io.github.deltasharing.examples.ScanReport;
import java.io.IOException;
import java.util.ArrayList;
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

  private static final Map<String, Double> TARGETS =
      Map.of("full", 1.15, "small", 1.5, "full-30ms", 1.35, "small-30ms", 1.5);

  /** What TLS may cost. */
  private static final double TLS_TARGET = 1.2;

  /** What it may cost that the driver reads the log, not the server. */
  private static final double DIRECTORY_TARGET = 1.1;

  private final SparkSession spark;
  private final BenchmarkTables tables;
  private final Links links;
  private final Buckets buckets;

  Scans(SparkSession spark, BenchmarkTables tables, Links links, Buckets buckets) {
    this.spark = spark;
    this.tables = tables;
    this.links = links;
    this.buckets = buckets;
  }

  List<Comparison> all() throws IOException {
    List<Comparison> all = new ArrayList<>();
    for (Link link : Links.ALL) {
      all.add(whole("full", "8 files of 124 MB, 60 columns", WIDE, link));
      all.add(whole("medium", "80 files of 3.6 MB, 60 columns", MEDIUM_FILES, link));
      all.add(whole("small", "1,000 files of 55 kB", SMALL_FILES, link));
    }
    for (Link link : Buckets.LINKS) {
      all.addAll(stored("medium", "80 files of 3.6 MB, 60 columns", MEDIUM_FILES, link));
      all.addAll(stored("small", "1,000 files of 55 kB", SMALL_FILES, link));
    }
    all.addAll(others());
    return all;
  }

  /** All of a table against local files; over TLS, against the same without. */
  private Comparison whole(String key, String title, String table, Link link) {
    String name = key + link.suffix();
    return link.tls()
        ? new Comparison(
            name,
            title + link.words() + " / without TLS",
            TLS_TARGET,
            () -> drain(links.read(link, table)),
            () -> drain(links.read(link.plain(), table)))
        : new Comparison(
            name,
            title + link.words() + " / local files",
            TARGETS.getOrDefault(name, Double.NaN),
            () -> drain(links.read(link, table)),
            () -> drain(local(table)));
  }

  /** Out of an S3 store: by URLs against local files, and by the directory against URLs. */
  private List<Comparison> stored(String key, String title, String table, Link link) {
    return List.of(
        new Comparison(
            key + "-s3" + link.suffix(),
            title + ", by URLs of s3proxy" + link.words() + " / local files",
            Double.NaN,
            () -> drain(buckets.read(link, "url", table)),
            () -> drain(local(table))),
        new Comparison(
            key + "-dir" + link.suffix(),
            title + ", by the directory" + link.words() + " / by URLs, both of s3proxy",
            DIRECTORY_TARGET,
            () -> drain(buckets.read(link, "dir", table)),
            () -> drain(buckets.read(link, "url", table))));
  }

  private List<Comparison> others() throws IOException {
    long needed = columnChunkBytes(WIDE, TWO_COLUMNS);
    return List.of(
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
            "nested",
            "structs, arrays, maps and text / local files",
            1.15,
            () -> drain(shared(NESTED)),
            () -> drain(local(NESTED))),
        new Comparison(
            "orders",
            "full scan, 8 columns / local files",
            1.15,
            () -> drain(shared(ORDERS)),
            () -> drain(local(ORDERS))));
  }

  private Dataset<Row> shared(String table) {
    return links.read(Link.DIRECT, table);
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
