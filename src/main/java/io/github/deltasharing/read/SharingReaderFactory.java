/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Makes a task's reader. Serialised with every task: it has schemas and settings, no URL and no
 * credential.
 */
public final class SharingReaderFactory implements PartitionReaderFactory {
  private static final long serialVersionUID = 1L;

  private final ScanSpec spec;
  private final boolean columnar;
  private final Broadcast<SerializableConfiguration> hadoop;

  /** The run of a query that this was made for; null where it may be used for any. */
  private final String execution;

  private final TableCheck check;

  /**
   * @param execution names the run of a query that this is made for; null where another run need
   *     not make sure that the table is still the same
   * @param check makes sure of it
   */
  public SharingReaderFactory(
      ScanSpec spec,
      boolean columnar,
      Broadcast<SerializableConfiguration> hadoop,
      String execution,
      TableCheck check) {
    this.execution = execution;
    this.spec = spec;
    this.columnar = columnar;
    this.hadoop = hadoop;
    this.check = check;
  }

  @Override
  public boolean supportColumnarReads(InputPartition partition) {
    return columnar;
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    return new RowPartitionReader(spec, openers(), splits(partition));
  }

  @Override
  public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
    return new ColumnarPartitionReader(spec, openers(), splits(partition));
  }

  /**
   * Spark plans a DataFrame object once and runs that plan each time that the object itself is
   * collected. Nothing on the driver sees the later runs, so a task checks.
   */
  private List<FileScanTask> splits(InputPartition partition) {
    List<FileScanTask> splits = ((SharingInputPartition) partition).splits();
    String now = ExecutionId.ofTask(TaskContext.get());
    if (execution != null && now != null && !now.equals(execution)) {
      check.confirm(Long.parseLong(now), splits.get(0).file().table());
    }
    return splits;
  }

  private FileOpeners openers() {
    return new FileOpeners(hadoop.value().value(), spec);
  }
}
