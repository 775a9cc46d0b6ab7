package io.github.deltasharing.read;

import io.github.deltasharing.table.DeletionVector;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;

/** Reads a partition row by row, for sessions that switched vectors off. One task thread. */
final class RowPartitionReader implements PartitionReader<InternalRow> {
  private final SliceReaders<InternalRow> slices;
  private final ScanSpec spec;
  private final FileMetadata metadata;
  private final UnsafeProjection withoutPosition;
  private final JoinedRow joined = new JoinedRow();
  private final JoinedRow joinedWithMetadata = new JoinedRow();
  private InternalRow row;

  RowPartitionReader(ScanSpec spec, Openers openers, List<FileSlice> slices) {
    this.spec = spec;
    this.metadata =
        spec.metadataSchema().isEmpty() ? null : new FileMetadata(spec.metadataSchema());
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
      InternalRow read = slices.value();
      boolean positioned = spec.needsPosition(slices.slice());
      long position = positioned ? read.getLong(spec.dataSchema().length()) : -1;
      DeletionVector deletions = slices.deletions();
      if (deletions == null || !deletions.isDeleted(position)) {
        row = assemble(positioned ? withoutPosition.apply(read) : read, position);
        return true;
      }
      slices.deleted(1);
    }
    return false;
  }

  private InternalRow assemble(InternalRow data, long position) {
    joined.apply(data, slices.constants());
    if (metadata == null) {
      return joined;
    }
    InternalRow struct = metadata.row(slices.slice(), position);
    return joinedWithMetadata.apply(joined, new GenericInternalRow(new Object[] {struct}));
  }

  /**
   * Data columns, then partition columns, then {@code _metadata} where it is asked for. Repeatable;
   * valid until the next {@link #next}.
   */
  @Override
  public InternalRow get() {
    return row;
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
