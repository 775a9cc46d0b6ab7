/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.sql.catalyst.InternalRow;

/** The rows of a reader of batches, one by one. */
final class BatchRows extends RecordReader<Void, InternalRow> {
  private final WideningReader batches;
  private Iterator<InternalRow> rows = Collections.emptyIterator();
  private InternalRow row;

  BatchRows(WideningReader batches) {
    this.batches = batches;
  }

  @Override
  public void initialize(InputSplit split, TaskAttemptContext context) {
    // The reader is started.
  }

  @Override
  public boolean nextKeyValue() throws IOException {
    while (!rows.hasNext()) {
      if (!batches.nextKeyValue()) {
        return false;
      }
      rows = batches.getCurrentValue().rowIterator();
    }
    row = rows.next();
    return true;
  }

  @Override
  public Void getCurrentKey() {
    return null;
  }

  @Override
  public InternalRow getCurrentValue() {
    return row;
  }

  @Override
  public float getProgress() {
    return batches.getProgress();
  }

  @Override
  public void close() throws IOException {
    batches.close();
  }
}
