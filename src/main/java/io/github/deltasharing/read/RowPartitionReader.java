package io.github.deltasharing.read;

import io.github.deltasharing.parquet.ParquetOpener;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;

/** Reads a partition row by row, for sessions that switched vectors off. One task thread. */
final class RowPartitionReader implements PartitionReader<InternalRow> {
  private final SliceReaders<InternalRow> slices;
  private final JoinedRow joined = new JoinedRow();

  RowPartitionReader(ScanSpec spec, ParquetOpener opener, List<FileSlice> slices) {
    this.slices =
        new SliceReaders<>(
            spec,
            slices,
            (file, path, slice, constants) ->
                opener.openRows(file, path, slice.start(), slice.length()));
  }

  @Override
  public boolean next() {
    return slices.next();
  }

  /** Data columns, then partition columns. Repeatable; valid until the next {@link #next}. */
  @Override
  public InternalRow get() {
    return joined.apply(slices.value(), slices.constants());
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
