/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.parquet.NoRows;
import io.github.deltasharing.parquet.NotNullColumns;
import io.github.deltasharing.parquet.SplitPlan;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SharedFileSystem;
import io.github.deltasharing.storage.prefetch.ReadAhead;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/**
 * Walks over a partition's splits, one open at a time, for both the columnar and the row reader.
 * Every failure comes out with the table's name and the file's id. Used by one task thread.
 *
 * @param <V> a record reader's values
 */
final class FileScanTaskReaders<V> implements Closeable {
  private final FileOpeners openers;
  private final Opening<V> opening;
  private final ReadAhead ahead;
  private final FileScanTaskPrefetcher splits;
  private final ConstantColumns constantColumns;
  private final IoStats stats = new IoStats();

  private volatile boolean closed;
  private long filesRead;
  private FileScanTask split;
  private PrimedFile file;
  private Path path;
  private RecordReader<Void, ? extends V> reader;
  private NotNullColumns notNull;
  private InternalRow constants;
  private SelectedRows rows;
  private long rowsDeleted;
  private boolean started;

  /** Starts a record reader over an open file. */
  @FunctionalInterface
  interface Opening<V> {
    RecordReader<Void, ? extends V> open(
        SplitPlan plan, Path path, FileScanTask split, InternalRow constants)
        throws IOException, InterruptedException;
  }

  FileScanTaskReaders(
      ScanSpec spec, FileOpeners openers, List<FileScanTask> splits, Opening<V> opening) {
    this.openers = openers;
    this.opening = opening;
    this.constantColumns = new ConstantColumns(spec);
    TaskContext task = TaskContext.get();
    // Nothing may fail after it: whoever closes this closes it.
    this.ahead =
        new ReadAhead(spec.files(), spec.http(), stats, () -> task != null && task.isInterrupted());
    this.splits = new FileScanTaskPrefetcher(splits, ahead, this::plan, spec.readsAll());
  }

  /** Moves to the next value, in this split or a later one. */
  boolean next() {
    while (reader != null || splits.hasNext()) {
      if (reader == null) {
        open(splits.next());
      }
      if (closed) {
        break;
      }
      if (advance()) {
        return true;
      }
      closeSplit();
    }
    closeSplit();
    return false;
  }

  V value() {
    try {
      return reader.getCurrentValue();
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw failure(e);
    }
  }

  /** What is the same for all rows of the split that the value is from. */
  InternalRow constants() {
    return constants;
  }

  /** What is to be checked of the rows that are read; null for nothing. */
  NotNullColumns notNull() {
    return notNull;
  }

  /** The split that the value is from. */
  FileScanTask split() {
    return split;
  }

  /** Which rows of the file that the value is from are read; null for all. */
  SelectedRows rows() {
    return rows;
  }

  /** Notes how many rows were read and left out. */
  void leftOut(long count) {
    if (rows != null && rows.living()) {
      rowsDeleted += count;
    }
  }

  CustomTaskMetric[] metrics() {
    return SharingTaskMetric.of(stats, filesRead, rowsDeleted);
  }

  private SplitPlan plan(PrimedFile opened, FileScanTask part) {
    return openers.forSplit(part).plan(opened, part.start(), part.length());
  }

  private boolean advance() {
    try {
      if (started && file != null) {
        splits.requestMore(file);
      }
      // A LIMIT may have its rows in the first values.
      started = true;
      return reader.nextKeyValue();
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw failure(e);
    } catch (OutOfMemoryError | StackOverflowError e) {
      throw exhausted(e);
    }
  }

  private void open(FileScanTaskPrefetcher.Opened next) {
    split = next.split();
    file = next.file();
    constants = constantColumns.row(split);
    notNull = null;
    try {
      rows = next.rows() == null ? null : next.rows().get();
      if (rows != null && rows.isEmpty()) {
        reader = new NoRows<>();
        return;
      }
      SplitPlan plan = next.plan();
      if (file == null) {
        file = ahead.open(split.file());
        plan = plan(file, split);
      }
      path = SharedFileSystem.register(file);
      filesRead++;
      InputFileBlockHolder.set(FilePath.of(split.file()), split.start(), split.length());
      reader = opening.open(plan, path, split, constants);
      notNull = plan.notNull();
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw failure(e);
    } catch (OutOfMemoryError | StackOverflowError e) {
      throw exhausted(e);
    }
  }

  /**
   * What decoders believe of a page's inside is seen by nobody before them. Not the error itself,
   * nor as a cause: Spark ends the executor, with all of its tasks, for it.
   */
  private SharingException exhausted(Error e) {
    return FileErrors.exhausted(
        split.file().table(), split.file().id(), split.file().url().host(), e.getMessage());
  }

  private SharingException failure(Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SharingException ours) {
        return ours;
      }
    }
    SharedFile shared = split.file();
    if (closed) {
      return SharingErrors.interrupted("reading file " + shared.id() + " of " + shared.table());
    }
    if (file != null) {
      file.distrust();
    }
    return FileErrors.file(
        shared.table(),
        shared.id(),
        shared.url().host(),
        "it cannot be read as Parquet (" + e.getMessage() + ")",
        "It is damaged, is not the file that the table's log tells of, or holds what Spark's Parquet reader cannot read:"
            + " tell the provider.",
        e);
  }

  /** Ends reading. May come from another thread than the reading one, which then stops. */
  @Override
  public void close() {
    closed = true;
    InputFileBlockHolder.unset();
    ahead.close();
    closeSplit();
  }

  private void closeSplit() {
    try {
      if (reader != null) {
        reader.close();
      }
    } catch (IOException e) {
      // Reading is over; nothing is lost.
    } finally {
      reader = null;
      if (path != null) {
        SharedFileSystem.release(path);
        path = null;
      }
      if (file != null) {
        file.close();
        file = null;
      }
    }
  }
}
