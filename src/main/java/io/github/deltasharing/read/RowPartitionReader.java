package io.github.deltasharing.read;

import io.github.deltasharing.table.DeletionVector;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;

/** Reads a partition row by row, for sessions that switched vectors off. One task thread. */
final class RowPartitionReader implements PartitionReader<InternalRow> {
  private final SliceReaders<InternalRow> slices;
  private final int positionColumn;
  private final UnsafeProjection withoutPosition;
  private final JoinedRow joined = new JoinedRow();

  RowPartitionReader(ScanSpec spec, Openers openers, List<FileSlice> slices) {
    this.positionColumn = spec.dataSchema().length();
    this.withoutPosition = UnsafeProjection.create(spec.dataSchema());
    this.slices =
        new SliceReaders<>(
            spec,
            slices,
            (file, path, slice, constants) ->
                openers.forSlice(slice).openRows(file, path, slice.start(), slice.length()));
  }

  @Override
  public boolean next() {
    while (slices.next()) {
      InternalRow row = slices.value();
      DeletionVector deletions = slices.deletions();
      if (deletions == null) {
        joined.apply(row, slices.constants());
        return true;
      }
      if (!deletions.isDeleted(row.getLong(positionColumn))) {
        joined.apply(withoutPosition.apply(row), slices.constants());
        return true;
      }
      slices.deleted(1);
    }
    return false;
  }

  /** Data columns, then partition columns. Repeatable; valid until the next {@link #next}. */
  @Override
  public InternalRow get() {
    return joined;
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
