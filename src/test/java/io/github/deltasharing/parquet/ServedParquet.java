/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.storage.FileAccess;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SharedFileSystem;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.storage.url.SignedUrlAccess;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.DataSourceStrategy$;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.Function1;
import scala.Option;

/** A Parquet file behind a signed URL, read by {@link ParquetOpener} in whole or in splits. */
final class ServedParquet implements AutoCloseable {
  static final String PATH = "/bucket/file.parquet";

  private final Path file;
  private final long size;
  private final StubServer store;
  private IoStats stats;

  ServedParquet(Path file) throws IOException {
    this.file = file;
    byte[] bytes = Files.readAllBytes(file);
    this.size = bytes.length;
    this.store = new StubServer().on(PATH, request -> StubAnswer.file(request, bytes));
  }

  /** Writes one file with these settings of Parquet's writer. */
  static Path write(Dataset<Row> data, Path directory, Map<String, String> options)
      throws IOException {
    data.coalesce(1).write().options(options).parquet(directory.toString());
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }

  Path file() {
    return file;
  }

  long size() {
    return size;
  }

  /** Of the last reading. */
  IoStats stats() {
    return stats;
  }

  StubServer store() {
    return store;
  }

  List<String> ranges() {
    return store.requests().stream().map((StubRequest r) -> r.header("Range")).toList();
  }

  /** The rows' positions come as the last column, {@code pos}. */
  Dataset<Row> read(StructType schema, List<Filter> filters, boolean columnar, int splits)
      throws IOException, InterruptedException {
    return read(schema, filters, columnar, splits, new Configuration());
  }

  Dataset<Row> read(
      StructType schema, List<Filter> filters, boolean columnar, int splits, Configuration hadoop)
      throws IOException, InterruptedException {
    SQLConf conf = TestSpark.session().sessionState().conf();
    boolean byId = schema.fields()[0].metadata().contains("parquet.field.id");
    ParquetSettings.configure(hadoop, conf, byId);
    StructType positioned = schema.add(ParquetOpener.ROW_INDEX, DataTypes.LongType);
    ParquetOpener opener =
        new ParquetOpener(
            hadoop, ParquetSettings.of(conf), positioned, filters.toArray(new Filter[0]));
    Function1<Object, Object> toRow = CatalystTypeConverters.createToScalaConverter(positioned);
    List<Row> rows = new ArrayList<>();
    stats = new IoStats();
    long length = (size + splits - 1) / splits;
    for (long start = 0; start < size; start += length) {
      long part = Math.min(length, size - start);
      read(opener, start, part, columnar, row -> rows.add((Row) toRow.apply(row)));
    }
    return TestSpark.session().createDataFrame(rows, schema.add("pos", DataTypes.LongType));
  }

  private interface Sink {
    void add(InternalRow row);
  }

  private void read(ParquetOpener opener, long start, long length, boolean columnar, Sink sink)
      throws IOException, InterruptedException {
    SharedFile shared =
        new SharedFile("s.s.t", "id", new SignedUrl(store.url(PATH + "?sig=x")), size);
    FileAccess files =
        new SignedUrlAccess(
            null, new SharingReadConf(Map.of(), name -> null).http().withLoopbackStores(true));
    PrimedFile primed = new PrimedFile(files.open(shared, stats));
    org.apache.hadoop.fs.Path path = SharedFileSystem.register(primed);
    try (primed;
        RecordReader<Void, ?> reader =
            columnar
                ? opener.openColumnar(
                    opener.plan(primed, start, length), path, new StructType(), InternalRow.empty())
                : opener.openRows(opener.plan(primed, start, length), path)) {
      while (reader.nextKeyValue()) {
        if (reader.getCurrentValue() instanceof ColumnarBatch batch) {
          for (Iterator<InternalRow> rows = batch.rowIterator(); rows.hasNext(); ) {
            sink.add(rows.next());
          }
        } else {
          sink.add((InternalRow) reader.getCurrentValue());
        }
      }
    } finally {
      SharedFileSystem.release(path);
    }
  }

  /** What of a condition's conjuncts Spark pushes into sources. */
  static List<Filter> filters(Dataset<Row> data, String condition) {
    LogicalPlan plan = data.filter(condition).queryExecution().analyzed();
    Expression analyzed = ((org.apache.spark.sql.catalyst.plans.logical.Filter) plan).condition();
    LogicalPlan optimized = data.filter(condition).queryExecution().optimizedPlan();
    List<Filter> filters = new ArrayList<>();
    addConjuncts(
        optimized instanceof org.apache.spark.sql.catalyst.plans.logical.Filter filter
            ? filter.condition()
            : analyzed,
        filters);
    return filters;
  }

  private static void addConjuncts(Expression condition, List<Filter> filters) {
    if (condition instanceof And and) {
      addConjuncts(and.left(), filters);
      addConjuncts(and.right(), filters);
    } else {
      Option<Filter> filter = DataSourceStrategy$.MODULE$.translateFilter(condition, true);
      if (filter.isDefined()) {
        filters.add(filter.get());
      }
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
