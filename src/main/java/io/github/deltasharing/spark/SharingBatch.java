/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.listing.ScanUrls;
import io.github.deltasharing.read.FileScanTask;
import io.github.deltasharing.read.SharingInputPartition;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/**
 * The physical side of a scan of rows or of changes, and of one batch of a stream: partitions and
 * the factory of their readers. Equal batches read the same, which lets Spark reuse an exchange; a
 * runtime filter is no part of that, Spark compares it itself. Driver only.
 */
final class SharingBatch implements Batch {
  private final Object identity;
  private final BatchFiles files;
  private final KeyGrouping grouping;
  private final Readers readers;

  /** Makes the factory of readers. */
  interface Readers {
    PartitionReaderFactory factory(ScanUrls urls, String tableId);
  }

  /**
   * @param identity equal for batches that read the same
   * @param grouping by whose key partitions are made, or null for partitions of any files
   */
  SharingBatch(Object identity, BatchFiles files, KeyGrouping grouping, Readers readers) {
    this.identity = identity;
    this.files = files;
    this.grouping = grouping;
    this.readers = readers;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    SplitPlanner planner = SplitPlanner.of(SparkSession.active());
    List<FileScanTask> splits = files.splits();
    List<? extends SharingInputPartition> partitions =
        grouping == null
            ? planner.plan(splits.stream().filter(files.wanted()).toList())
            : grouping.plan(splits, files.wanted(), planner);
    return partitions.toArray(InputPartition[]::new);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return readers.factory(files.urls(), files.tableId());
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof SharingBatch that && identity.equals(that.identity);
  }

  @Override
  public int hashCode() {
    return identity.hashCode();
  }
}
