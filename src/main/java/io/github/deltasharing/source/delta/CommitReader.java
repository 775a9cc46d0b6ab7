/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.DeltaLogActionUtils;
import io.delta.kernel.internal.fs.Path;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.List;

/**
 * Reads a range of commits with Delta Kernel, some lines at a time. Kernel's {@code getChanges}
 * would do, but for fields that old writers left out and which it insists on. Immutable, safe for
 * use by several threads.
 *
 * @param table whose commits these are
 * @param engine reads them
 * @param start the version of the first commit
 * @param commits the files of the commits in order, with none missing
 */
record CommitReader(DeltaTable table, Engine engine, long start, List<FileStatus> commits) {

  /** The files of some commits in order; a {@link KernelException} if one is missing. */
  static List<FileStatus> files(DeltaTable table, Engine engine, long start, long end) {
    try {
      return DeltaLogActionUtils.getCommitFilesForVersionRange(
          engine, new Path(table.path()), start, end);
    } catch (TableNotFoundException e) {
      throw LogFailures.of(table, e);
    }
  }

  /** Reads some of the commits, both versions inclusive, until the reader has had enough. */
  void read(long first, long last, BatchReader reader) throws IOException {
    try (CloseableIterator<ColumnarBatch> batches = open(first, last, CommitBatch.SCHEMA)) {
      while (batches.hasNext()) {
        ColumnarBatch batch = batches.next();
        if (batch.getSize() > 0 && !reader.read(new CommitBatch(batch))) {
          return;
        }
      }
    }
  }

  /** The lines of some of the commits; each batch is of one commit, whose version comes first. */
  CloseableIterator<ColumnarBatch> open(long first, long last, StructType schema) {
    return LogFailures.reading(
        table,
        DeltaLogActionUtils.readCommitFiles(
            engine, commits.subList((int) (first - start), (int) (last - start) + 1), schema));
  }

  /** The version of the last commit. */
  long end() {
    return start + commits.size() - 1;
  }

  /** Takes some lines of a commit. */
  interface BatchReader {
    /** Returns whether more are wanted. */
    boolean read(CommitBatch batch) throws IOException;
  }
}
