/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.defaults.engine.DefaultParquetHandler;
import io.delta.kernel.defaults.internal.data.DefaultColumnarBatch;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.local.RawLocalFs;

/**
 * Writes rows as Parquet files, by Kernel. Where to is a matter of the Hadoop configuration alone.
 * Safe for use by several threads.
 */
public final class DataFileWriter {
  private static final int BATCH_ROWS = 4_096;
  private static final int BATCH_CELLS = 1 << 18;

  /** What a part of a nested value takes besides. */
  private static final long PART = 16;

  private static final long BATCH_CHARS = 8L << 20;

  private final Configuration configuration;

  /**
   * Creates a writer.
   *
   * @param configuration the file systems that it may use
   */
  public DataFileWriter(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Of this machine's disks, without files of checksums. */
  public static Configuration localDisks() {
    Configuration local = new Configuration(false);
    local.set("fs.file.impl", RawLocalFileSystem.class.getName());
    local.set("fs.AbstractFileSystem.file.impl", RawLocalFs.class.getName());
    local.setBoolean("fs.file.impl.disable.cache", true);
    // What is not yet written is in memory.
    local.setLong("parquet.block.size", 32L << 20);
    return local;
  }

  /**
   * Writes all rows; one file has up to about 128 MiB.
   *
   * @param directory where the files are put
   * @param rows values as {@link io.github.deltasharing.server.publish.csv.Values} makes them
   */
  public List<DataFile> write(URI directory, DeltaSchema schema, Iterator<Object[]> rows)
      throws IOException {
    List<DataFile> files = new ArrayList<>();
    try (Batches batches = new Batches(DeltaTypes.physical(schema.fields()), rows);
        CloseableIterator<DataFileStatus> written =
            new DefaultParquetHandler(configuration)
                .writeParquetFiles(
                    directory.toString(), batches, WrittenStatistics.columns(schema))) {
      while (written.hasNext()) {
        DataFileStatus file = written.next();
        var statistics = file.getStatistics().orElseThrow();
        files.add(
            new DataFile(
                file.getPath().substring(file.getPath().lastIndexOf('/') + 1),
                file.getSize(),
                file.getModificationTime(),
                statistics.getNumRecords(),
                WrittenStatistics.json(schema, statistics)));
      }
    }
    return files;
  }

  /** Rows as columns, some thousands at a time. */
  private static final class Batches implements CloseableIterator<FilteredColumnarBatch> {
    private final StructType schema;
    private final Iterator<Object[]> rows;

    Batches(StructType schema, Iterator<Object[]> rows) {
      this.schema = schema;
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public FilteredColumnarBatch next() {
      int width = schema.length();
      int most = Math.max(1, Math.min(BATCH_ROWS, BATCH_CELLS / width));
      List<Object[]> batch = new ArrayList<>();
      long chars = 0;
      while (batch.size() < most && chars < BATCH_CHARS && rows.hasNext()) {
        Object[] row = rows.next();
        chars += length(row);
        batch.add(row);
      }
      ColumnVector[] vectors = new ColumnVector[width];
      for (int i = 0; i < width; i++) {
        Object[] values = new Object[batch.size()];
        for (int row = 0; row < values.length; row++) {
          values[row] = batch.get(row)[i];
        }
        vectors[i] = NestedVectors.of(schema.at(i).getDataType(), values);
      }
      return new FilteredColumnarBatch(
          new DefaultColumnarBatch(batch.size(), schema, vectors), Optional.empty());
    }

    private static long length(Object[] values) {
      long length = 0;
      for (Object value : values) {
        length += value instanceof String text ? text.length() : 0;
        length += value instanceof byte[] bytes ? bytes.length : 0;
        length += value instanceof Object[] parts ? PART + PART * parts.length + length(parts) : 0;
      }
      return length;
    }

    @Override
    public void close() {
      // The rows are closed by whoever opened them.
    }
  }
}
