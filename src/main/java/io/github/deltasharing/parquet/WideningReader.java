/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import java.io.IOException;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.sql.execution.datasources.parquet.VectorizedParquetRecordReader;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Batches of a file whose types are narrower than the table's, in the table's types. */
final class WideningReader extends RecordReader<Void, Object> {
  private final VectorizedParquetRecordReader reader;
  private final ColumnarBatch widened;

  /**
   * @param reader started; it uses the same vectors for all its batches
   * @param wanted the table's types, for the reader's first columns
   */
  WideningReader(VectorizedParquetRecordReader reader, StructType wanted) {
    this.reader = reader;
    ColumnarBatch batch = reader.resultBatch();
    ColumnVector[] vectors = new ColumnVector[batch.numCols()];
    for (int i = 0; i < vectors.length; i++) {
      ColumnVector vector = batch.column(i);
      vectors[i] =
          i < wanted.length()
              ? WidenedColumnVector.of(vector, wanted.fields()[i].dataType())
              : vector;
    }
    this.widened = new ColumnarBatch(vectors);
  }

  @Override
  public void initialize(InputSplit split, TaskAttemptContext context) {
    // The reader is started.
  }

  @Override
  public boolean nextKeyValue() throws IOException {
    return reader.nextKeyValue();
  }

  @Override
  public Void getCurrentKey() {
    return null;
  }

  @Override
  public ColumnarBatch getCurrentValue() {
    widened.setNumRows(((ColumnarBatch) reader.getCurrentValue()).numRows());
    return widened;
  }

  @Override
  public float getProgress() {
    return reader.getProgress();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
