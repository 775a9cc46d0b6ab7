package io.github.deltasharing.read;

import io.github.deltasharing.parquet.ParquetOpener;
import java.util.List;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads a partition as batches of vectors: data columns, then partition columns as constants. One
 * task thread.
 */
final class ColumnarPartitionReader implements PartitionReader<ColumnarBatch> {
  private final SliceReaders<Object> slices;

  ColumnarPartitionReader(ScanSpec spec, ParquetOpener opener, List<FileSlice> slices) {
    this.slices =
        new SliceReaders<>(
            spec,
            slices,
            (file, path, slice, constants) ->
                opener.openColumnar(
                    file, path, slice.start(), slice.length(), spec.partitionSchema(), constants));
  }

  @Override
  public boolean next() {
    while (slices.next()) {
      if (get().numRows() > 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public ColumnarBatch get() {
    return (ColumnarBatch) slices.value();
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
