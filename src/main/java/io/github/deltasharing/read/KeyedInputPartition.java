/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.HasPartitionKey;

/** What one task reads where all its files have the same partition values. */
public final class KeyedInputPartition extends SharingInputPartition implements HasPartitionKey {
  private static final long serialVersionUID = 1L;

  private final InternalRow key;

  /**
   * @param key the values, in the order of the scan's partition columns
   */
  public KeyedInputPartition(InternalRow key, List<FileScanTask> splits) {
    super(splits);
    this.key = key;
  }

  @Override
  public InternalRow partitionKey() {
    return key;
  }
}
