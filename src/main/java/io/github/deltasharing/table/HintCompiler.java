/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import io.github.deltasharing.protocol.predicate.JsonPredicate;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Operand;
import io.github.deltasharing.protocol.predicate.ValueType;
import java.util.List;

/**
 * Prepares the protocol's predicates for a table's files. What names an unknown column or casts in
 * a way that does not keep the order decides nothing. Immutable.
 */
public final class HintCompiler {
  private final FilterColumns columns;

  /** A compiler for the table with these columns. */
  public HintCompiler(FilterColumns columns) {
    this.columns = columns;
  }

  /** The filter that keeps every file of which some row may match. */
  public FileFilter compile(JsonPredicate predicate) {
    if (predicate instanceof JsonPredicate.Comparison comparison) {
      return comparison(comparison);
    }
    if (predicate instanceof JsonPredicate.IsNull isNull) {
      return columns
          .find(isNull.column().name())
          .map(column -> FileFilter.isNull(FileColumn.unordered(column)))
          .orElse(FileFilter.ANYTHING);
    }
    if (predicate instanceof JsonPredicate.Not not) {
      return FileFilter.not(compile(not.child()));
    }
    if (predicate instanceof JsonPredicate.And and) {
      return FileFilter.and(all(and.children()));
    }
    return FileFilter.or(all(((JsonPredicate.Or) predicate).children()));
  }

  private List<FileFilter> all(List<JsonPredicate> children) {
    return children.stream().map(this::compile).toList();
  }

  private FileFilter comparison(JsonPredicate.Comparison comparison) {
    return comparable(comparison.left().valueType(), comparison.right().valueType())
        ? FileFilter.compare(
            comparison.comparator(), operand(comparison.left()), operand(comparison.right()))
        : FileFilter.ANYTHING;
  }

  /** Types whose values have one representation here. */
  private static boolean comparable(ValueType left, ValueType right) {
    return left == right || (isInteger(left) && isInteger(right));
  }

  private static boolean isInteger(ValueType type) {
    return type == ValueType.INT || type == ValueType.LONG;
  }

  private FileFilter.Operand operand(Operand operand) {
    if (operand instanceof JsonPredicate.Literal literal) {
      return kind(literal.valueType())
          .parse(literal.value())
          .map(FileFilter.Operand::of)
          .orElse(file -> ValueRange.UNKNOWN);
    }
    return columns
        .find(((JsonPredicate.Column) operand).name())
        .<FileFilter.Operand>map(
            column ->
                column.castsTo(operand.valueType())
                    ? FileColumn.ordered(column)
                    : FileColumn.unordered(column))
        .orElse(file -> ValueRange.UNKNOWN);
  }

  private static ValueKind kind(ValueType type) {
    return switch (type) {
      case BOOL -> ValueKind.BOOLEAN;
      case INT, LONG -> ValueKind.INTEGER;
      case FLOAT -> ValueKind.FLOAT;
      case DOUBLE -> ValueKind.DOUBLE;
      case STRING -> ValueKind.STRING;
      case DATE -> ValueKind.DATE;
      case TIMESTAMP -> ValueKind.TIMESTAMP;
    };
  }
}
