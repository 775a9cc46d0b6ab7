/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import io.github.deltasharing.protocol.predicate.JsonPredicate;
import io.github.deltasharing.protocol.predicate.SqlHintParser;
import io.github.deltasharing.protocol.predicate.ValueType;
import io.github.deltasharing.table.FilterColumn;
import io.github.deltasharing.table.FilterColumns;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Decides by hints which files of a table an answer may leave out, as loosely as the protocol's
 * text allows and servers are known to do: everything that {@code PredicateEvaluator} takes care of
 * is done the obvious way here, so that a client which sends a hint that needs such care loses
 * rows. Where the protocol leaves no way to say no (a column that is not found, a value that does
 * not parse) the file is kept. Immutable.
 */
final class HostileFilter {
  private static final int CUT_TEXT_LENGTH = 32;

  private final FilterColumns columns;
  private final boolean physicalNames;
  private final ZoneId zone;

  /**
   * Creates a filter for the table with these columns.
   *
   * @param physicalNames whether names of hints are looked up in statistics and partition values
   *     directly, as servers do that know nothing of column mapping
   * @param zone of timestamps that come without one
   */
  HostileFilter(FilterColumns columns, boolean physicalNames, ZoneId zone) {
    this.columns = columns;
    this.physicalNames = physicalNames;
    this.zone = zone;
  }

  /** The hints of a query that can be understood; all of them must match. */
  List<JsonPredicate> understood(List<String> sqlHints, Optional<String> jsonHint) {
    List<JsonPredicate> hints = new ArrayList<>();
    for (String sql : sqlHints) {
      SqlHintParser.parse(asSparkReads(sql), this::constantType).ifPresent(hints::add);
    }
    if (jsonHint.isPresent()) {
      try {
        hints.add(JsonPredicate.parse(jsonHint.get()));
      } catch (IllegalArgumentException e) {
        return hints;
      }
    }
    return hints;
  }

  boolean keeps(List<JsonPredicate> hints, ListedFile file) {
    return hints.stream().noneMatch(hint -> mayMatch(hint, file) == Answer.NO);
  }

  /**
   * Spark's reading of text constants: two of them side by side are one, and a backslash escapes.
   * Type names before a constant are left out, its column has them.
   */
  private static String asSparkReads(String sql) {
    return sql.replaceAll("(?i)\\b(DATE|TIMESTAMP)\\s*'", "'")
        .replaceAll("(?<=[^\\s=<>(])''(?=[^\\s)])", "")
        .replaceAll("\\\\(.)", "$1");
  }

  private Optional<ValueType> constantType(String name) {
    return columns
        .constantType(name)
        .or(
            () ->
                columns
                    .find(name)
                    .filter(column -> column.type().startsWith("decimal"))
                    .map(column -> ValueType.DOUBLE));
  }

  private Answer mayMatch(JsonPredicate predicate, ListedFile file) {
    if (predicate instanceof JsonPredicate.Comparison comparison) {
      return compare(comparison, file);
    }
    if (predicate instanceof JsonPredicate.IsNull isNull) {
      return path(isNull.column().name())
          .map(
              path ->
                  Answer.of(!file.partitionValues().has(path.get(0)) && !file.hasStatistics(path)))
          .orElse(Answer.UNKNOWN);
    }
    if (predicate instanceof JsonPredicate.Not not) {
      return mayMatch(not.child(), file).not();
    }
    if (predicate instanceof JsonPredicate.And and) {
      return all(and.children(), file, answer -> answer);
    }
    return all(((JsonPredicate.Or) predicate).children(), file, Answer::not).not();
  }

  private Answer all(List<JsonPredicate> children, ListedFile file, UnaryOperator<Answer> reading) {
    Answer result = Answer.YES;
    for (JsonPredicate child : children) {
      result = result.and(reading.apply(mayMatch(child, file)));
    }
    return result;
  }

  private Answer compare(JsonPredicate.Comparison comparison, ListedFile file) {
    boolean columnFirst = comparison.left() instanceof JsonPredicate.Column;
    ValueType type = (columnFirst ? comparison.left() : comparison.right()).valueType();
    Range left = range(comparison.left(), type, file);
    Range right = range(comparison.right(), type, file);
    if (left.onlyNull || right.onlyNull) {
      return Answer.NO;
    }
    return switch (comparison.comparator()) {
      case EQUAL -> less(left.min, right.max, true).and(less(right.min, left.max, true));
      case LESS_THAN -> less(left.min, right.max, false);
      case LESS_THAN_OR_EQUAL -> less(left.min, right.max, true);
      case GREATER_THAN -> less(right.min, left.max, false);
      case GREATER_THAN_OR_EQUAL -> less(right.min, left.max, true);
    };
  }

  @SuppressWarnings("unchecked")
  private static Answer less(Comparable<?> a, Comparable<?> b, boolean orEqual) {
    if (a == null || b == null) {
      return Answer.UNKNOWN;
    }
    int order = ((Comparable<Object>) a).compareTo(b);
    return Answer.of(order < 0 || (orEqual && order == 0));
  }

  private Range range(JsonPredicate.Operand operand, ValueType type, ListedFile file) {
    if (operand instanceof JsonPredicate.Literal literal) {
      return Range.exactly(parse(literal.value(), type));
    }
    Optional<List<String>> found = path(((JsonPredicate.Column) operand).name());
    if (found.isEmpty()) {
      return Range.UNKNOWN;
    }
    List<String> path = found.get();
    if (file.partitionValues().has(path.get(0))) {
      String value = file.partitionValues().get(path.get(0)).asText("");
      return value.isEmpty() ? Range.NULL : Range.exactly(parse(value, type));
    }
    return file.allNull(path) ? Range.NULL : statistics(path, type, file);
  }

  private Range statistics(List<String> path, ValueType type, ListedFile file) {
    Comparable<?> min = cut(parse(file.statistic("minValues", path).asText(null), type));
    Comparable<?> max = cut(parse(file.statistic("maxValues", path).asText(null), type));
    boolean minIsNan = min instanceof Number number && Double.isNaN(number.doubleValue());
    boolean maxIsNan = max instanceof Number number && Double.isNaN(number.doubleValue());
    // Many writers leave NaN out of the maximum. What theirs would be is not known here, but it is
    // not less than the minimum.
    return minIsNan ? Range.UNKNOWN : new Range(min, maxIsNan ? min : max, false);
  }

  /** Statistics as short as writers make them, the maximum not rounded up. */
  private static Comparable<?> cut(Comparable<?> statistic) {
    if (statistic instanceof String text) {
      return text.substring(0, Math.min(CUT_TEXT_LENGTH, text.length()));
    }
    return statistic instanceof Instant time ? time.truncatedTo(ChronoUnit.MILLIS) : statistic;
  }

  /** The value, whatever its column's type is; null when it is not one. */
  private Comparable<?> parse(String text, ValueType type) {
    if (text == null) {
      return null;
    }
    try {
      return switch (type) {
        case STRING -> text;
        case INT -> Integer.valueOf(text);
        case LONG -> Long.valueOf(text);
        case FLOAT -> Float.valueOf(text);
        case DOUBLE -> Double.valueOf(text);
        case BOOL -> Boolean.valueOf(text);
        case DATE -> LocalDate.parse(text.replaceFirst("[ T]\\d\\d:.*", ""));
        case TIMESTAMP -> timestamp(text.replace(' ', 'T'));
      };
    } catch (NumberFormatException | DateTimeException e) {
      return null;
    }
  }

  private Instant timestamp(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return LocalDateTime.parse(text.contains("T") ? text : text + "T00:00:00")
          .atZone(zone)
          .toInstant();
    }
  }

  private Optional<List<String>> path(String name) {
    return physicalNames
        ? Optional.of(List.of(name.split("\\.", -1)))
        : columns.find(name).map(FilterColumn::physicalPath);
  }

  /** Bounds of a column's values, null where not known. */
  private record Range(Comparable<?> min, Comparable<?> max, boolean onlyNull) {
    static final Range UNKNOWN = new Range(null, null, false);
    static final Range NULL = new Range(null, null, true);

    static Range exactly(Comparable<?> value) {
      return new Range(value, value, false);
    }
  }

  private enum Answer {
    YES,
    NO,
    UNKNOWN;

    static Answer of(boolean yes) {
      return yes ? YES : NO;
    }

    Answer and(Answer other) {
      if (this == NO || other == NO) {
        return NO;
      }
      return this == YES ? other : this;
    }

    /** The whole file's answer turned round: wrong as soon as some rows match and others don't. */
    Answer not() {
      return switch (this) {
        case YES -> NO;
        case NO -> YES;
        case UNKNOWN -> UNKNOWN;
      };
    }
  }
}
