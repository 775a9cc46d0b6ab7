/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import java.util.List;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads a partition as batches of vectors: the columns of files, then constants. One task thread.
 */
final class ColumnarPartitionReader implements PartitionReader<ColumnarBatch> {
  private final FileScanTaskReaders<Object> splits;
  private final BatchAssembler assembler;
  private ColumnarBatch batch;

  ColumnarPartitionReader(ScanSpec spec, FileOpeners openers, List<FileScanTask> splits) {
    this.assembler = new BatchAssembler(spec);
    this.splits =
        new FileScanTaskReaders<>(
            spec,
            openers,
            splits,
            (plan, path, split, constants) ->
                openers
                    .forSplit(split)
                    .openColumnar(plan, path, ConstantColumns.schema(spec, split), constants));
  }

  @Override
  public boolean next() {
    while (splits.next()) {
      ColumnarBatch read = (ColumnarBatch) splits.value();
      batch = assembler.assemble(read, splits.split(), splits.rows());
      splits.leftOut(read.numRows() - batch.numRows());
      if (splits.notNull() != null) {
        splits.notNull().check(batch);
      }
      if (batch.numRows() > 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public ColumnarBatch get() {
    return batch;
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return splits.metrics();
  }

  @Override
  public void close() {
    splits.close();
  }
}
