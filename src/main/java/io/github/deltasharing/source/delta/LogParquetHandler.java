/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.defaults.internal.data.DefaultColumnarBatch;
import io.delta.kernel.defaults.internal.parquet.ParquetFileReader.BatchReadSupport;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;
import io.github.deltasharing.source.PositionedInput;
import io.github.deltasharing.source.kernel.KernelParquet;
import io.github.deltasharing.source.parquet.StoredParquet;
import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.parquet.hadoop.ParquetReader;

/**
 * Reads the checkpoints of one table's log. Kernel's own handler opens files by Hadoop's default
 * configuration, whatever it is given. Immutable, safe for use by several threads; each reading is
 * used by one.
 */
final class LogParquetHandler implements ParquetHandler {
  private static final int BATCH_ROWS = 1024;

  private final DeltaTable table;
  private final LogFileSystem log;

  LogParquetHandler(DeltaTable table, LogFileSystem log) {
    this.table = table;
    this.log = log;
  }

  @Override
  public CloseableIterator<ColumnarBatch> readParquetFiles(
      CloseableIterator<FileStatus> files, StructType schema, Optional<Predicate> predicate) {
    return new Reading(files, schema);
  }

  @Override
  public CloseableIterator<DataFileStatus> writeParquetFiles(
      String directory,
      CloseableIterator<FilteredColumnarBatch> data,
      List<Column> statisticsColumns) {
    throw new UnsupportedOperationException("Tables are read only");
  }

  @Override
  public void writeParquetFileAtomically(
      String path, CloseableIterator<FilteredColumnarBatch> data) {
    throw new UnsupportedOperationException("Tables are read only");
  }

  /** What Kernel is given of some rows. */
  private ColumnarBatch prepared(ColumnarBatch batch) {
    StructType schema = batch.getSchema();
    ColumnVector[] vectors = new ColumnVector[schema.length()];
    for (int i = 0; i < vectors.length; i++) {
      ColumnVector vector = batch.getColumnVector(i);
      vectors[i] =
          switch (schema.at(i).getName()) {
            case "add", "remove" -> CheckpointVectors.files(table, vector);
            case "sidecar" -> CheckpointVectors.sidecars(vector);
            case "metaData" -> CheckpointVectors.metadata(vector);
            case "protocol" -> CheckpointVectors.protocol(vector);
            default -> vector;
          };
    }
    return new DefaultColumnarBatch(batch.getSize(), schema, vectors);
  }

  /** The rows of some files, in order; predicates would only skip some, and none are given. */
  private final class Reading implements CloseableIterator<ColumnarBatch> {
    private final CloseableIterator<FileStatus> files;
    private final StructType schema;
    private String name = "";
    private BatchReadSupport rows;
    private ParquetReader<Object> reader;

    /** Whether a row was read that is in no batch yet. */
    private boolean pending;

    Reading(CloseableIterator<FileStatus> files, StructType schema) {
      this.files = files;
      this.schema = schema;
    }

    @Override
    public boolean hasNext() {
      return reading(
          () -> {
            while (!pending) {
              if (reader == null) {
                if (!files.hasNext()) {
                  return false;
                }
                open(files.next().getPath());
              }
              pending = reader.read() != null;
              if (!pending) {
                close();
              }
            }
            return true;
          });
    }

    private void open(String path) throws IOException {
      String directory = path.substring(0, path.lastIndexOf('/') + 1);
      String file = path;
      name = path.substring(directory.length());
      if (directory.endsWith("/" + SidecarNames.DIRECTORY + "/")) {
        file = directory + SidecarNames.original(name);
        name = SidecarNames.DIRECTORY + "/" + SidecarNames.original(name);
      }
      rows = new BatchReadSupport(BATCH_ROWS, schema);
      PositionedInput input = log.openAt(file);
      try {
        reader = KernelParquet.reader(new StoredParquet(input), rows);
      } catch (IOException | RuntimeException e) {
        input.close();
        throw e;
      }
    }

    @Override
    public ColumnarBatch next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return reading(
          () -> {
            int size = 0;
            do {
              rows.finalizeCurrentRow(-1);
              size++;
              pending = size < BATCH_ROWS && reader.read() != null;
            } while (pending);
            return prepared(rows.getDataAsColumnarBatch(size));
          });
    }

    private <T> T reading(Step<T> step) {
      try {
        return step.run();
      } catch (IOException | RuntimeException e) {
        throw LogFailures.ofCheckpoint(name, e);
      }
    }

    @Override
    public void close() throws IOException {
      if (reader != null) {
        reader.close();
        reader = null;
      }
    }
  }

  /** Something that reads. */
  private interface Step<T> {
    T run() throws IOException;
  }
}
