/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FilterValue;
import io.github.deltasharing.table.ValueRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.NullOrdering;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;

/**
 * The first rows by a column: finds the files that may have some of them. Bounds are enough for
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

  /** The files that have to be read. */
  List<AddFile> needed(List<AddFile> files) {
    List<Candidate> candidates = new ArrayList<>(files.size());
    for (AddFile file : files) {
      FileFacts facts = FileFacts.of(file);
      candidates.add(
          new Candidate(
              file, column.file().range(facts), column.file().valueCount(facts).orElse(0)));
    }
    Optional<FilterValue> last = lastNeeded(candidates);
    return candidates.stream()
        .filter(candidate -> last.isEmpty() || mayHold(candidate.range(), last.get()))
        .map(Candidate::file)
        .toList();
  }

  /**
   * A file.
   *
   * @param rows how many rows certainly have a value
   */
  private record Candidate(AddFile file, ValueRange range, long rows) {}

  private boolean mayHold(ValueRange range, FilterValue last) {
    if (range.mayBeNull() && nullsFirst) {
      return true;
    }
    FilterValue nearest = ascending ? range.lower() : range.upper();
    return range.mayBeValue() && (nearest == null || order().compare(nearest, last) <= 0);
  }

  /** A value that at least {@link #limit} rows do not lie behind. */
  private Optional<FilterValue> lastNeeded(List<Candidate> candidates) {
    List<Candidate> counted =
        candidates.stream()
            .filter(candidate -> candidate.rows() > 0 && farthest(candidate) != null)
            .sorted(Comparator.comparing(this::farthest, order()))
            .toList();
    long rows = 0;
    for (Candidate candidate : counted) {
      rows += candidate.rows();
      if (rows >= limit) {
        return Optional.of(farthest(candidate));
      }
    }
    return Optional.empty();
  }

  private FilterValue farthest(Candidate candidate) {
    return ascending ? candidate.range().upper() : candidate.range().lower();
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
