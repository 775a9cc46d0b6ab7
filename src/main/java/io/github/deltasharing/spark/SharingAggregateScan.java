package io.github.deltasharing.spark;

import io.github.deltasharing.pushdown.MetadataAggregates;
import io.github.deltasharing.pushdown.PushedScan;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.LocalScan;
import org.apache.spark.sql.types.StructType;

/** The result of an aggregate that statistics answered: no file is read. Driver only. */
final class SharingAggregateScan implements LocalScan {
  private final SharingTable table;
  private final PushedScan pushed;
  private final MetadataAggregates aggregates;
  private final InternalRow[] rows;

  SharingAggregateScan(
      SharingTable table, PushedScan pushed, MetadataAggregates aggregates, InternalRow[] rows) {
    this.table = table;
    this.pushed = pushed;
    this.aggregates = aggregates;
    this.rows = rows;
  }

  @Override
  public StructType readSchema() {
    return aggregates.schema();
  }

  @Override
  public InternalRow[] rows() {
    return rows;
  }

  @Override
  public String description() {
    String filters = pushed.describe();
    return DeltaSharingProvider.NAME
        + " "
        + table.name()
        + table.asOf().suffix()
        + " (from statistics alone: "
        + aggregates.describe()
        + (filters.isEmpty() ? "" : "; " + filters)
        + ")";
  }
}
