package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeFilter;
import io.github.deltasharing.changes.ChangeRange;
import io.github.deltasharing.pushdown.PushedPredicates;
import java.util.Objects;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.types.StructType;

/** One scan of a table's changes. Driver only; thread-safe. */
final class ChangesScan extends FileScan {
  private final ChangesTable table;
  private final ChangedColumns columns;
  private final PushedPredicates predicates;
  private final ChangeFilter filter;

  /** Asked when a batch is: options that a batch needs are none of a stream's business. */
  private ChangesQuery query;

  ChangesScan(
      ChangesTable table,
      ChangedColumns columns,
      PushedPredicates predicates,
      ChangeFilter filter) {
    super(columns.data());
    this.table = table;
    this.columns = columns;
    this.predicates = predicates;
    this.filter = filter;
  }

  @Override
  public StructType readSchema() {
    return columns.all();
  }

  @Override
  public String description() {
    String how = predicates.describe();
    return DeltaSharingProvider.NAME
        + " changes of "
        + table.tableName()
        + range()
        + (how.isEmpty() ? "" : " (" + how + ")");
  }

  @Override
  public MicroBatchStream toMicroBatchStream(String checkpointLocation) {
    return table.stream(new ChangesStreamScan(this));
  }

  @Override
  ReaderFactories readerFactories() {
    return new ReaderFactories(
        table.sharedSchema(),
        columns.data(),
        columns.partition(),
        new StructType(),
        columns.changes(),
        table.read(),
        timeZone(),
        predicates.dataFilters(),
        columnar());
  }

  @Override
  public Batch toBatch() {
    return new ChangesBatch(this);
  }

  /** A stream may begin anywhere, and does not end. */
  private String range() {
    return ChangeRange.isBounded(table.conf()) ? table.range().toString() : "";
  }

  /** The answer that all batches of this scan read. */
  synchronized ChangesQuery query() {
    if (query == null) {
      query = new ChangesQuery(table, table.range(), filter);
    }
    return query;
  }

  ChangesTable table() {
    return table;
  }

  ChangedColumns columns() {
    return columns;
  }

  PushedPredicates predicates() {
    return predicates;
  }

  ChangeFilter filter() {
    return filter;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ChangesScan that
        && table.identity().equals(that.table.identity())
        && range().equals(that.range())
        && columns.equals(that.columns)
        && predicates.equals(that.predicates)
        && filter.equals(that.filter)
        && timeZone().equals(that.timeZone())
        && columnar() == that.columnar();
  }

  @Override
  public int hashCode() {
    return Objects.hash(table.identity(), columns, predicates, filter);
  }
}
