/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.pushdown.ColumnPredicate.TextTest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.sources.EqualTo;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.GreaterThan;
import org.apache.spark.sql.sources.GreaterThanOrEqual;
import org.apache.spark.sql.sources.In;
import org.apache.spark.sql.sources.IsNull;
import org.apache.spark.sql.sources.LessThan;
import org.apache.spark.sql.sources.LessThanOrEqual;
import org.apache.spark.sql.sources.Not;
import org.apache.spark.sql.sources.StringContains;
import org.apache.spark.sql.sources.StringEndsWith;
import org.apache.spark.sql.sources.StringStartsWith;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Writes predicates on data columns as the filters that Spark's Parquet reader skips by, names as
 * in files. Never narrower than the predicate.
 */
final class DataFilters {
  private DataFilters() {}

  /** One filter for each conjunct of which something can be said. */
  static List<Filter> of(List<ColumnPredicate> conjuncts) {
    return conjuncts.stream()
        .map(conjunct -> filter(conjunct, false))
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * @param whole whether a part of an AND would not do, as under a negation
   */
  private static Optional<Filter> filter(ColumnPredicate predicate, boolean whole) {
    if (predicate instanceof ColumnPredicate.And and) {
      List<Filter> parts = parts(and.children(), whole);
      return whole && parts.size() < and.children().size()
          ? Optional.empty()
          : joined(parts, org.apache.spark.sql.sources.And::new);
    } else if (predicate instanceof ColumnPredicate.Or or) {
      List<Filter> parts = parts(or.children(), whole);
      return parts.size() < or.children().size()
          ? Optional.empty()
          : joined(parts, org.apache.spark.sql.sources.Or::new);
    } else if (predicate instanceof ColumnPredicate.Not not) {
      return filter(not.child(), true).map(Not::new);
    } else if (predicate instanceof ColumnPredicate.IsNull isNull
        && !isNull.column().isPartition()) {
      return Optional.of(new IsNull(name(isNull.column())));
    } else if (predicate instanceof ColumnPredicate.Comparison comparison
        && isComparable(comparison.column())
        && isText(comparison.value())) {
      return Optional.of(comparison(comparison));
    } else if (predicate instanceof ColumnPredicate.In in
        && isComparable(in.column())
        && !in.orNull()
        && in.values().stream().allMatch(DataFilters::isText)) {
      Object[] values = in.values().stream().map(value -> external(value, in.column())).toArray();
      return Optional.of(new In(name(in.column()), values));
    } else if (predicate instanceof ColumnPredicate.Text text && isComparable(text.column())) {
      return Optional.of(text(text));
    }
    return Optional.empty();
  }

  private static List<Filter> parts(List<ColumnPredicate> children, boolean whole) {
    return children.stream().map(child -> filter(child, whole)).flatMap(Optional::stream).toList();
  }

  private static Optional<Filter> joined(
      List<Filter> parts, BiFunction<Filter, Filter, Filter> pair) {
    return parts.stream().reduce(pair::apply);
  }

  private static Filter comparison(ColumnPredicate.Comparison comparison) {
    String name = name(comparison.column());
    Object value = external(comparison.value(), comparison.column());
    return switch (comparison.comparator()) {
      case EQUAL -> new EqualTo(name, value);
      case LESS_THAN -> new LessThan(name, value);
      case LESS_THAN_OR_EQUAL -> new LessThanOrEqual(name, value);
      case GREATER_THAN -> new GreaterThan(name, value);
      case GREATER_THAN_OR_EQUAL -> new GreaterThanOrEqual(name, value);
    };
  }

  private static Filter text(ColumnPredicate.Text text) {
    String name = name(text.column());
    if (text.test() == TextTest.STARTS_WITH) {
      return new StringStartsWith(name, text.piece());
    }
    return text.test() == TextTest.ENDS_WITH
        ? new StringEndsWith(name, text.piece())
        : new StringContains(name, text.piece());
  }

  private static boolean isComparable(ScanColumn column) {
    return !column.isPartition() && column.kind().isPresent();
  }

  /** Bytes that are no UTF-8 would become others. */
  private static boolean isText(Object value) {
    return !(value instanceof UTF8String) || CatalystValues.comparable(value).isPresent();
  }

  /** Not by java.sql: its calendar has no days between 4 and 15 October 1582. */
  private static Object external(Object value, ScanColumn column) {
    if (column.type() instanceof DateType) {
      return LocalDate.ofEpochDay((Integer) value);
    } else if (column.type() instanceof TimestampType) {
      return Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS);
    }
    return CatalystTypeConverters.convertToScala(value, column.type());
  }

  /** The path as Spark writes it: parts quoted where a dot or a backtick would mislead. */
  private static String name(ScanColumn column) {
    return column.physicalPath().stream()
        .map(
            part ->
                part.matches("[a-zA-Z0-9_]+") && !part.matches("\\d+")
                    ? part
                    : ScanColumns.quoted(part))
        .collect(Collectors.joining("."));
  }
}
