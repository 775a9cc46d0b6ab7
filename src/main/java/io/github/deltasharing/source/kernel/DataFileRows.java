/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.kernel;

import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.defaults.internal.parquet.ParquetFileReader.BatchReadSupport;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.github.deltasharing.source.PositionedInput;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.TableRows;
import io.github.deltasharing.source.TableStorage;
import io.github.deltasharing.source.parquet.StoredParquet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.Type;

/**
 * The rows of one data file, few at a time, from the table's store. Kernel's own reader opens files
 * by Hadoop's default configuration, whatever it is given. Used by one thread; whoever makes it
 * closes it.
 */
final class DataFileRows implements CloseableIterator<ColumnarBatch> {
  private static final int MOST_BATCH_ROWS = 256;

  private final BatchReadSupport rows;
  private final int batchRows;
  private final ParquetReader<Object> reader;
  private long rowIndex;

  /** Whether a row was read that is in no batch yet. */
  private boolean held;

  private boolean ended;

  /**
   * Opens a file.
   *
   * @param table its name in messages
   * @param schema as files have the columns
   */
  DataFileRows(
      String table, TableStorage storage, String file, StructType schema, TableRows.Limits limits)
      throws IOException {
    this.batchRows = Math.min(MOST_BATCH_ROWS, limits.rows() + 1);
    this.rows = new BatchReadSupport(batchRows, schema);
    try (PositionedInput footer = storage.openAt(file)) {
      check(table, new StoredParquet(footer), schema, limits.chunkBytes());
    }
    PositionedInput input = storage.openAt(file);
    try {
      reader = KernelParquet.reader(new StoredParquet(input), rows);
    } catch (IOException | RuntimeException e) {
      input.close();
      throw e;
    }
  }

  /** Parquet's reader takes a row group's columns into memory whole. */
  private static void check(String table, StoredParquet file, StructType schema, long most)
      throws IOException {
    try (ParquetFileReader footer = ParquetFileReader.open(file)) {
      List<Type> there = footer.getFooter().getFileMetaData().getSchema().getFields();
      if (schema.fields().stream().anyMatch(StoredColumns::hasId)
          && there.stream().allMatch(column -> column.getId() == null)) {
        throw SourceException.unsupported(
            "The first rows of %s are not shown: a data file has no field ids, by which the table's columns are found in it; recipients may refuse it, too. Have its files rewritten (rewrite_data_files, of an Iceberg table)"
                .formatted(table));
      }
      Set<String> wanted =
          there.stream()
              .filter(one -> schema.fields().stream().anyMatch(c -> StoredColumns.isSame(c, one)))
              .map(Type::getName)
              .collect(Collectors.toSet());
      for (BlockMetaData block : footer.getFooter().getBlocks()) {
        long size =
            block.getColumns().stream()
                .filter(chunk -> wanted.contains(chunk.getPath().toArray()[0]))
                .mapToLong(ColumnChunkMetaData::getTotalSize)
                .sum();
        if (size > most) {
          throw SourceException.invalid(
              "The first rows of %s are not shown: a row group of its files has %d MiB, and up to %d MiB are read for them. Query it instead"
                  .formatted(table, size >> 20, most >> 20));
        }
      }
    }
  }

  @Override
  public boolean hasNext() {
    if (!held && !ended) {
      advance();
    }
    return held;
  }

  private void advance() {
    try {
      held = reader.read() != null;
      ended = !held;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ColumnarBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int size = 0;
    // Not a row more than the batch has room for is read.
    while (size < batchRows && hasNext()) {
      rows.finalizeCurrentRow(rowIndex++);
      held = false;
      size++;
    }
    return rows.getDataAsColumnarBatch(size);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
