package io.github.deltasharing.pushdown;

import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FilterValue;
import io.github.deltasharing.table.ValueRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.NullOrdering;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;

/**
 * The first rows by a column: finds the files that may hold some of them. Bounds are enough for
 * that, where the rows of files are counted. Rows that are equal in the column are all kept, so
 * further sort keys need not be known. Immutable.
 *
 * @param column sorted by first
 * @param ascending the direction
 * @param nullsFirst whether nulls come before all values
 * @param limit how many rows
 */
record TopN(ScanColumn column, boolean ascending, boolean nullsFirst, int limit) {

  /** Empty where nothing is known of the first key's order. */
  static Optional<TopN> of(SortOrder[] orders, int limit, ScanColumns columns) {
    if (orders.length == 0
        || limit <= 0
        || !(orders[0].expression() instanceof NamedReference name)) {
      return Optional.empty();
    }
    return columns
        .find(name)
        .filter(column -> column.kind().filter(kind -> !kind.hasNan()).isPresent())
        .map(
            column ->
                new TopN(
                    column,
                    orders[0].direction() == SortDirection.ASCENDING,
                    orders[0].nullOrdering() == NullOrdering.NULLS_FIRST,
                    limit));
  }

  /** For each file whether it has to be read. */
  List<Boolean> needed(List<FileFacts> files) {
    List<ValueRange> ranges = files.stream().map(column.file()::range).toList();
    Optional<FilterValue> last = lastNeeded(files, ranges);
    List<Boolean> needed = new ArrayList<>(files.size());
    for (ValueRange range : ranges) {
      needed.add(last.isEmpty() || mayHold(range, last.get()));
    }
    return needed;
  }

  private boolean mayHold(ValueRange range, FilterValue last) {
    if (range.mayBeNull() && nullsFirst) {
      return true;
    }
    FilterValue nearest = ascending ? range.lower() : range.upper();
    return range.mayBeValue() && (nearest == null || order().compare(nearest, last) <= 0);
  }

  /** A value that at least {@link #limit} rows do not lie behind. */
  private Optional<FilterValue> lastNeeded(List<FileFacts> files, List<ValueRange> ranges) {
    record Counted(FilterValue farthest, long rows) {}
    List<Counted> counted = new ArrayList<>();
    for (int i = 0; i < ranges.size(); i++) {
      FilterValue farthest = ascending ? ranges.get(i).upper() : ranges.get(i).lower();
      OptionalLong rows = column.file().valueCount(files.get(i));
      if (farthest != null && rows.isPresent() && rows.getAsLong() > 0) {
        counted.add(new Counted(farthest, rows.getAsLong()));
      }
    }
    counted.sort(Comparator.comparing(Counted::farthest, order()));
    long rows = 0;
    for (Counted file : counted) {
      rows += file.rows();
      if (rows >= limit) {
        return Optional.of(file.farthest());
      }
    }
    return Optional.empty();
  }

  private Comparator<FilterValue> order() {
    return ascending ? Comparator.naturalOrder() : Comparator.reverseOrder();
  }

  @Override
  public String toString() {
    return "first "
        + limit
        + " by "
        + column
        + (ascending ? " ascending" : " descending")
        + (nullsFirst ? ", nulls first" : ", nulls last");
  }
}
