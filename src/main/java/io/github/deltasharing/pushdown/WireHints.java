/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.predicate.JsonPredicate;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Column;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Comparator;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Comparison;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Literal;
import io.github.deltasharing.protocol.predicate.ValueType;
import io.github.deltasharing.table.FilterValue;
import io.github.deltasharing.table.ValueKind;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Makes hints of predicates: what a server may leave out by. A hint is never narrower than its
 * predicate, in any reading that the protocol allows or that a known server has. So there is
 *
 * <ul>
 *   <li>no negation and no null check: servers evaluate them on a file as a whole;
 *   <li>no floating point (NaN is in no statistics), no timestamp (statistics are cut to
 *       milliseconds, partition values have no time zone), no decimal: the protocol has no type for
 *       it. One of a type that a server does not know makes the reference server ignore them all;
 *   <li>no nested column, and no column whose name in files is another one: servers look names up
 *       in different ways;
 *   <li>of AND what can be said, of OR all or nothing.
 * </ul>
 */
final class WireHints {
  /** A longer IN becomes a range. */
  private static final int MAX_IN_VALUES = 64;

  /** Servers limit the text. */
  private static final int MAX_NODES = 2_000;

  /** Statistics of text are cut to so many characters, and not every writer rounds them up. */
  private static final int CUT_TEXT_LENGTH = 32;

  /** Types that all servers compare. */
  private static final Set<ValueType> TYPES =
      Set.of(ValueType.BOOL, ValueType.INT, ValueType.LONG, ValueType.STRING, ValueType.DATE);

  /** Before, calendars differ; after, the text has another form. */
  private static final long FIRST_DAY = LocalDate.of(1583, 1, 1).toEpochDay();

  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

  private final boolean dataColumns;

  /**
   * @param dataColumns whether hints may have data columns besides partition columns
   */
  WireHints(boolean dataColumns) {
    this.dataColumns = dataColumns;
  }

  /** The hints of some conjuncts, those of partition columns first; at most one each. */
  List<JsonPredicate> of(List<ColumnPredicate> conjuncts) {
    List<JsonPredicate> hints = new ArrayList<>();
    int nodes = 0;
    // A server that fails at a data column has then seen the partition columns already.
    for (boolean partitions : new boolean[] {true, false}) {
      for (ColumnPredicate conjunct : conjuncts) {
        if (FileFilters.isOfPartitions(conjunct) == partitions) {
          Optional<JsonPredicate> hint = hint(conjunct);
          int size = hint.map(WireHints::nodes).orElse(0);
          if (size > 0 && nodes + size <= MAX_NODES) {
            hints.add(hint.get());
            nodes += size;
          }
        }
      }
    }
    return hints;
  }

  private static int nodes(JsonPredicate predicate) {
    if (predicate instanceof JsonPredicate.And and) {
      return 1 + and.children().stream().mapToInt(WireHints::nodes).sum();
    } else if (predicate instanceof JsonPredicate.Or or) {
      return 1 + or.children().stream().mapToInt(WireHints::nodes).sum();
    }
    return 1;
  }

  private Optional<JsonPredicate> hint(ColumnPredicate predicate) {
    if (predicate instanceof ColumnPredicate.And and) {
      return and(and.children().stream().map(this::hint).flatMap(Optional::stream).toList());
    } else if (predicate instanceof ColumnPredicate.Or or) {
      List<JsonPredicate> children =
          or.children().stream().map(this::hint).flatMap(Optional::stream).toList();
      return children.size() == or.children().size() ? or(children) : Optional.empty();
    } else if (predicate instanceof ColumnPredicate.Comparison comparison) {
      return comparison(comparison.comparator(), comparison.column(), comparison.value());
    } else if (predicate instanceof ColumnPredicate.In in) {
      return in(in);
    } else if (predicate instanceof ColumnPredicate.Text text
        && text.test() == ColumnPredicate.TextTest.STARTS_WITH) {
      return comparison(
          Comparator.GREATER_THAN_OR_EQUAL, text.column(), UTF8String.fromString(text.piece()));
    }
    return Optional.empty();
  }

  private static Optional<JsonPredicate> and(List<JsonPredicate> children) {
    return children.size() < 2
        ? children.stream().findFirst()
        : Optional.of(new JsonPredicate.And(children));
  }

  private static Optional<JsonPredicate> or(List<JsonPredicate> children) {
    return children.size() < 2
        ? children.stream().findFirst()
        : Optional.of(new JsonPredicate.Or(children));
  }

  private Optional<JsonPredicate> in(ColumnPredicate.In in) {
    if (wireType(in.column()).isEmpty()) {
      return Optional.empty();
    }
    if (in.values().size() > MAX_IN_VALUES) {
      return range(in);
    }
    List<JsonPredicate> children = new ArrayList<>();
    for (Object value : in.values()) {
      Optional<JsonPredicate> child = comparison(Comparator.EQUAL, in.column(), value);
      if (child.isEmpty()) {
        return Optional.empty();
      }
      children.add(child.get());
    }
    return or(children);
  }

  private Optional<JsonPredicate> range(ColumnPredicate.In in) {
    List<FilterValue> values =
        in.values().stream()
            .map(CatalystValues::comparable)
            .flatMap(Optional::stream)
            .sorted()
            .toList();
    if (values.size() != in.values().size()) {
      return Optional.empty();
    }
    Object least = CatalystValues.internal(values.get(0), in.column().type());
    Object most = CatalystValues.internal(values.get(values.size() - 1), in.column().type());
    return both(
        comparison(Comparator.GREATER_THAN_OR_EQUAL, in.column(), least),
        comparison(Comparator.LESS_THAN_OR_EQUAL, in.column(), most));
  }

  private static Optional<JsonPredicate> both(
      Optional<JsonPredicate> one, Optional<JsonPredicate> other) {
    List<JsonPredicate> parts = new ArrayList<>();
    one.ifPresent(parts::add);
    other.ifPresent(parts::add);
    return and(parts);
  }

  private Optional<JsonPredicate> comparison(
      Comparator comparator, ScanColumn column, Object value) {
    Optional<ValueType> type = wireType(column);
    if (type.isEmpty()) {
      return Optional.empty();
    }
    String text = value.toString();
    if (type.get() == ValueType.DATE) {
      long day = ((Number) value).longValue();
      if (day < FIRST_DAY || day > LAST_DAY) {
        return Optional.empty();
      }
      text = LocalDate.ofEpochDay(day).toString();
    } else if (column.kind().equals(Optional.of(ValueKind.STRING))) {
      if (CatalystValues.comparable(value).isEmpty() || text.chars().anyMatch(c -> c >= 0xD800)) {
        // From here on the order of UTF-16, which servers may compare in, is not that of UTF-8.
        return Optional.empty();
      }
      if (!column.isPartition() && text.length() >= CUT_TEXT_LENGTH) {
        return longText(comparator, column, text);
      }
    }
    return Optional.of(wire(comparator, column, type.get(), text));
  }

  /** What is above a long text is not certainly above it in a maximum that was cut. */
  private static Optional<JsonPredicate> longText(
      Comparator comparator, ScanColumn column, String text) {
    JsonPredicate notBelow =
        wire(
            Comparator.GREATER_THAN_OR_EQUAL,
            column,
            ValueType.STRING,
            text.substring(0, CUT_TEXT_LENGTH));
    return switch (comparator) {
      case LESS_THAN, LESS_THAN_OR_EQUAL ->
          Optional.of(wire(comparator, column, ValueType.STRING, text));
      case GREATER_THAN, GREATER_THAN_OR_EQUAL -> Optional.of(notBelow);
      case EQUAL ->
          and(
              List.of(
                  notBelow, wire(Comparator.LESS_THAN_OR_EQUAL, column, ValueType.STRING, text)));
    };
  }

  private static JsonPredicate wire(
      Comparator comparator, ScanColumn column, ValueType type, String text) {
    return new Comparison(
        comparator, new Column(column.path().get(0), type), new Literal(text, type));
  }

  /** The type to compare the column in; empty when it may not be in a hint. */
  private Optional<ValueType> wireType(ScanColumn column) {
    return isNameable(column) && (dataColumns || column.isPartition())
        ? column.file().column().wireType().filter(TYPES::contains)
        : Optional.empty();
  }

  /** Whether every server finds the same column under the name. */
  private static boolean isNameable(ScanColumn column) {
    return column.path().size() == 1
        && column.path().equals(column.physicalPath())
        && column.path().get(0).indexOf('.') < 0;
  }
}
