/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Makes a scan's batches of what the file reader gives: removes rows that are not wanted (vectors
 * are looked at through a list of the rows left, no value is copied), drops the column of
 * positions, adds {@code _metadata}. A batch that needs none of it passes as it is. One task
 * thread.
 */
final class BatchAssembler {
  private final ScanSpec spec;
  private final FileMetadata metadata;
  private int[] chosen = new int[0];

  BatchAssembler(ScanSpec spec) {
    this.spec = spec;
    this.metadata =
        spec.metadataSchema().isEmpty() ? null : new FileMetadata(spec.metadataSchema());
  }

  /**
   * A batch of the scan's columns; valid until the next call.
   *
   * @param selection which rows of the file are wanted, or null for all
   */
  ColumnarBatch assemble(ColumnarBatch read, FileScanTask split, SelectedRows selection) {
    if (selection == null && metadata == null) {
      return read;
    }
    int positionColumn = spec.fileSchema(split).length();
    ColumnVector positions = spec.needsPosition(split) ? read.column(positionColumn) : null;
    int rows = read.numRows();
    int count = selection == null ? rows : select(positions, rows, selection);
    int readColumns = read.numCols() - (positions == null ? 0 : 1);
    ColumnVector[] vectors = new ColumnVector[readColumns + (metadata == null ? 0 : 1)];
    for (int i = 0; i < readColumns; i++) {
      int column = positions == null || i < positionColumn ? i : i + 1;
      vectors[i] = selected(read.column(column), rows, count);
    }
    if (metadata != null) {
      vectors[readColumns] =
          metadata.vector(
              split, count, positions == null ? null : selected(positions, rows, count));
    }
    return new ColumnarBatch(vectors, count);
  }

  private ColumnVector selected(ColumnVector vector, int rows, int count) {
    return count == rows ? vector : new SelectedColumnVector(vector, chosen, count);
  }

  private int select(ColumnVector positions, int rows, SelectedRows selection) {
    if (chosen.length < rows) {
      chosen = new int[rows];
    }
    if (rows == 0) {
      return 0;
    }
    long first = positions.getLong(0);
    if (positions.getLong(rows - 1) - first == rows - 1) {
      return selection.select(first, rows, chosen);
    }
    // Some rows in between were skipped by the reader.
    int count = 0;
    for (int i = 0; i < rows; i++) {
      if (selection.contains(positions.getLong(i))) {
        chosen[count++] = i;
      }
    }
    return count;
  }
}
