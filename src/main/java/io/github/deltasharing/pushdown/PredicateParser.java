/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.predicate.JsonPredicate.Comparator;
import io.github.deltasharing.pushdown.ColumnPredicate.TextTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.unsafe.types.UTF8String;

/** Reads Spark's predicates. Whatever is not certainly understood becomes {@code Other}. */
final class PredicateParser {
  private static final ColumnPredicate OTHER = new ColumnPredicate.Other();
  private static final ColumnPredicate UNKNOWN = new ColumnPredicate.Constant(null);

  private final ScanColumns columns;

  PredicateParser(ScanColumns columns) {
    this.columns = columns;
  }

  ColumnPredicate parse(Expression expression) {
    if (!(expression instanceof Predicate predicate)) {
      return OTHER;
    }
    Expression[] children = predicate.children();
    return switch (predicate.name()) {
      case "AND" -> new ColumnPredicate.And(all(children));
      case "OR" -> new ColumnPredicate.Or(all(children));
      case "NOT" -> new ColumnPredicate.Not(parse(children[0]));
      case "ALWAYS_TRUE" -> new ColumnPredicate.Constant(true);
      case "ALWAYS_FALSE" -> new ColumnPredicate.Constant(false);
      case "=" -> comparison(Comparator.EQUAL, children);
      case "<" -> comparison(Comparator.LESS_THAN, children);
      case "<=" -> comparison(Comparator.LESS_THAN_OR_EQUAL, children);
      case ">" -> comparison(Comparator.GREATER_THAN, children);
      case ">=" -> comparison(Comparator.GREATER_THAN_OR_EQUAL, children);
      case "<>" -> new ColumnPredicate.Not(comparison(Comparator.EQUAL, children));
      case "<=>" -> nullSafeEqual(children);
      case "IN" -> in(children);
      case "IS_NULL" -> isNull(children[0]);
      case "IS_NOT_NULL" -> new ColumnPredicate.Not(isNull(children[0]));
      case "STARTS_WITH" -> text(TextTest.STARTS_WITH, children);
      case "ENDS_WITH" -> text(TextTest.ENDS_WITH, children);
      case "CONTAINS" -> text(TextTest.CONTAINS, children);
      default -> OTHER;
    };
  }

  private List<ColumnPredicate> all(Expression[] children) {
    return Arrays.stream(children).map(this::parse).toList();
  }

  private ColumnPredicate comparison(Comparator comparator, Expression[] sides) {
    Optional<ScanColumn> left = column(sides[0]);
    Optional<ScanColumn> right = column(sides[1]);
    if (left.isPresent() && right.isPresent()) {
      return left.get().type().equals(right.get().type())
          ? new ColumnPredicate.Columns(comparator, left.get(), right.get())
          : OTHER;
    }
    if (left.isPresent()) {
      return withLiteral(
          left.get(),
          sides[1],
          (column, value) -> new ColumnPredicate.Comparison(comparator, column, value));
    }
    return right.isEmpty()
        ? OTHER
        : withLiteral(
            right.get(),
            sides[0],
            (column, value) -> new ColumnPredicate.Comparison(comparator.flipped(), column, value));
  }

  private ColumnPredicate nullSafeEqual(Expression[] sides) {
    Expression literal = sides[1] instanceof Literal ? sides[1] : sides[0];
    Optional<ScanColumn> column = column(literal == sides[1] ? sides[0] : sides[1]);
    if (column.isEmpty() || !(literal instanceof Literal<?> constant)) {
      return OTHER;
    }
    ColumnPredicate isNull = new ColumnPredicate.IsNull(column.get());
    return constant.value() == null
        ? isNull
        : new ColumnPredicate.And(
            List.of(new ColumnPredicate.Not(isNull), comparison(Comparator.EQUAL, sides)));
  }

  private ColumnPredicate withLiteral(
      ScanColumn column,
      Expression literal,
      BiFunction<ScanColumn, Object, ColumnPredicate> predicate) {
    if (!(literal instanceof Literal<?> constant) || !constant.dataType().equals(column.type())) {
      return OTHER;
    }
    return constant.value() == null ? UNKNOWN : predicate.apply(column, constant.value());
  }

  private ColumnPredicate in(Expression[] children) {
    Optional<ScanColumn> column = column(children[0]);
    List<Object> values = new ArrayList<>();
    for (int i = 1; i < children.length; i++) {
      if (column.isEmpty()
          || !(children[i] instanceof Literal<?> literal)
          || !literal.dataType().equals(column.get().type())) {
        return OTHER;
      }
      values.add(literal.value());
    }
    boolean orNull = values.removeIf(value -> value == null);
    if (values.isEmpty()) {
      return orNull ? UNKNOWN : OTHER;
    }
    return new ColumnPredicate.In(column.get(), List.copyOf(values), orNull);
  }

  private ColumnPredicate isNull(Expression expression) {
    return column(expression).<ColumnPredicate>map(ColumnPredicate.IsNull::new).orElse(OTHER);
  }

  private ColumnPredicate text(TextTest test, Expression[] sides) {
    return column(sides[0])
        .map(
            found ->
                withLiteral(
                    found,
                    sides[1],
                    (column, value) ->
                        value instanceof UTF8String piece
                                && CatalystValues.comparable(piece).isPresent()
                            ? new ColumnPredicate.Text(test, column, piece.toString())
                            : OTHER))
        .orElse(OTHER);
  }

  private Optional<ScanColumn> column(Expression expression) {
    return expression instanceof NamedReference reference
        ? columns.find(reference)
        : Optional.empty();
  }
}
