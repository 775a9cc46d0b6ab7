package io.github.deltasharing.read;

import io.github.deltasharing.table.DeletionVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Takes deleted rows out of batches by choosing among them: vectors are looked at through a list of
 * the living rows, no value is copied. One task thread.
 */
final class LiveRows {
  private final int positionColumn;
  private int[] live = new int[0];

  /**
   * @param positionColumn the column that holds each row's position in its file; not in what comes
   *     out
   */
  LiveRows(int positionColumn) {
    this.positionColumn = positionColumn;
  }

  /** The batch without its deleted rows; valid until the next call. */
  ColumnarBatch of(ColumnarBatch batch, DeletionVector deletions) {
    int rows = batch.numRows();
    if (live.length < rows) {
      live = new int[rows];
    }
    int count = select(batch.column(positionColumn), rows, deletions);
    ColumnVector[] vectors = new ColumnVector[batch.numCols() - 1];
    for (int i = 0; i < vectors.length; i++) {
      ColumnVector vector = batch.column(i < positionColumn ? i : i + 1);
      vectors[i] = count == rows ? vector : new SelectedColumnVector(vector, live, count);
    }
    return new ColumnarBatch(vectors, count);
  }

  private int select(ColumnVector positions, int rows, DeletionVector deletions) {
    if (rows == 0) {
      return 0;
    }
    long first = positions.getLong(0);
    if (positions.getLong(rows - 1) - first == rows - 1) {
      return deletions.live(first, rows, live);
    }
    // Some rows in between were skipped by the reader.
    int count = 0;
    for (int i = 0; i < rows; i++) {
      if (!deletions.isDeleted(positions.getLong(i))) {
        live[count++] = i;
      }
    }
    return count;
  }
}
