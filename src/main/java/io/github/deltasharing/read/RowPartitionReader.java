package io.github.deltasharing.read;

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
  private final UnsafeProjection[] withoutPosition = new UnsafeProjection[2];
  private final JoinedRow joined = new JoinedRow();
  private final JoinedRow joinedWithMetadata = new JoinedRow();
  private InternalRow row;

  RowPartitionReader(ScanSpec spec, Openers openers, List<FileSlice> slices) {
    this.spec = spec;
    this.metadata =
        spec.metadataSchema().isEmpty() ? null : new FileMetadata(spec.metadataSchema());
    this.slices =
        new SliceReaders<>(
            spec,
            openers,
            slices,
            (plan, path, slice, constants) -> openers.forSlice(slice).openRows(plan, path));
  }

  @Override
  public boolean next() {
    while (slices.next()) {
      InternalRow read = slices.value();
      boolean positioned = spec.needsPosition(slices.slice());
      long position = positioned ? read.getLong(spec.fileSchema(slices.slice()).length()) : -1;
      SelectedRows selected = slices.rows();
      if (selected == null || selected.contains(position)) {
        if (slices.notNull() != null) {
          slices.notNull().check(read);
        }
        row = assemble(positioned ? withoutPosition(slices.slice()).apply(read) : read, position);
        return true;
      }
      slices.leftOut(1);
    }
    return false;
  }

  private UnsafeProjection withoutPosition(FileSlice slice) {
    int kind = spec.hasTypeInFile(slice) ? 1 : 0;
    if (withoutPosition[kind] == null) {
      withoutPosition[kind] = UnsafeProjection.create(spec.fileSchema(slice));
    }
    return withoutPosition[kind];
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
   * The file's columns, then the constant ones, then {@code _metadata} where it is asked for.
   * Repeatable; valid until the next {@link #next}.
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
