/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.hadoop.mapreduce.TaskAttemptContext;

/**
 * The reader of a split that has no row to read.
 *
 * @param <V> what the values would be
 */
public final class NoRows<V> extends RecordReader<Void, V> {
  @Override
  public void initialize(InputSplit split, TaskAttemptContext context) {
    // There is nothing to start.
  }

  @Override
  public boolean nextKeyValue() {
    return false;
  }

  @Override
  public Void getCurrentKey() {
    return null;
  }

  @Override
  public V getCurrentValue() {
    return null;
  }

  @Override
  public float getProgress() {
    return 1;
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
