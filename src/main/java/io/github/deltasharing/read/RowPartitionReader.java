/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
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
  private final FileScanTaskReaders<InternalRow> splits;
  private final ScanSpec spec;
  private final FileMetadata metadata;
  private final UnsafeProjection[] withoutPosition = new UnsafeProjection[2];
  private final JoinedRow joined = new JoinedRow();
  private final JoinedRow joinedWithMetadata = new JoinedRow();
  private InternalRow row;

  RowPartitionReader(ScanSpec spec, FileOpeners openers, List<FileScanTask> splits) {
    this.spec = spec;
    this.metadata =
        spec.metadataSchema().isEmpty() ? null : new FileMetadata(spec.metadataSchema());
    this.splits =
        new FileScanTaskReaders<>(
            spec,
            openers,
            splits,
            (plan, path, split, constants) -> openers.forSplit(split).openRows(plan, path));
  }

  @Override
  public boolean next() {
    while (splits.next()) {
      InternalRow read = splits.value();
      boolean positioned = spec.needsPosition(splits.split());
      long position = positioned ? read.getLong(spec.fileSchema(splits.split()).length()) : -1;
      SelectedRows selected = splits.rows();
      if (selected == null || selected.contains(position)) {
        if (splits.notNull() != null) {
          splits.notNull().check(read);
        }
        row = assemble(positioned ? withoutPosition(splits.split()).apply(read) : read, position);
        return true;
      }
      splits.leftOut(1);
    }
    return false;
  }

  private UnsafeProjection withoutPosition(FileScanTask split) {
    int kind = spec.hasTypeInFile(split) ? 1 : 0;
    if (withoutPosition[kind] == null) {
      withoutPosition[kind] = UnsafeProjection.create(spec.fileSchema(split));
    }
    return withoutPosition[kind];
  }

  private InternalRow assemble(InternalRow data, long position) {
    joined.apply(data, splits.constants());
    if (metadata == null) {
      return joined;
    }
    InternalRow struct = metadata.row(splits.split(), position);
    return joinedWithMetadata.apply(joined, new GenericInternalRow(new Object[] {struct}));
  }

  /**
   * The file's columns, then the constant ones, then {@code _metadata} where it is read.
   * Repeatable; valid until the next {@link #next}.
   */
  @Override
  public InternalRow get() {
    return row;
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
