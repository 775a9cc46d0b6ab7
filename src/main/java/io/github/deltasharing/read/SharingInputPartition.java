/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * What one task reads: splits of files, with signed URLs and without any credential of the
 * recipient.
 */
public class SharingInputPartition implements InputPartition {
  private static final long serialVersionUID = 1L;

  private final FileScanTask[] splits;

  public SharingInputPartition(List<FileScanTask> splits) {
    this.splits = splits.toArray(new FileScanTask[0]);
  }

  public List<FileScanTask> splits() {
    return List.of(splits);
  }

  @Override
  public String toString() {
    return "SharingInputPartition[" + splits.length + " splits]";
  }
}
