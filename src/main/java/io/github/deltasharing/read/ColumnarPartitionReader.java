package io.github.deltasharing.read;

import java.util.List;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads a partition as batches of vectors: the columns of files, then constants. One task thread.
 */
final class ColumnarPartitionReader implements PartitionReader<ColumnarBatch> {
  private final SliceReaders<Object> slices;
  private final BatchAssembler assembler;
  private ColumnarBatch batch;

  ColumnarPartitionReader(ScanSpec spec, Openers openers, List<FileSlice> slices) {
    this.assembler = new BatchAssembler(spec);
    this.slices =
        new SliceReaders<>(
            spec,
            openers,
            slices,
            (plan, path, slice, constants) ->
                openers
                    .forSlice(slice)
                    .openColumnar(plan, path, ConstantColumns.schema(spec, slice), constants));
  }

  @Override
  public boolean next() {
    while (slices.next()) {
      ColumnarBatch read = (ColumnarBatch) slices.value();
      batch = assembler.assemble(read, slices.slice(), slices.rows());
      slices.leftOut(read.numRows() - batch.numRows());
      if (slices.notNull() != null) {
        slices.notNull().check(batch);
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
    return slices.metrics();
  }

  @Override
  public void close() {
    slices.close();
  }
}
