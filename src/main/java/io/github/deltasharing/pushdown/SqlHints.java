/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.predicate.JsonPredicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes hints in the protocol's "SQL Expressions for Filtering". What would need quoting in a way
 * that engines read differently is left out.
 */
final class SqlHints {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Names that SQL reads as something else than a column. */
  private static final Set<String> RESERVED =
      Set.of(
          "and",
          "between",
          "current_date",
          "current_time",
          "current_timestamp",
          "current_user",
          "false",
          "from",
          "in",
          "is",
          "like",
          "localtime",
          "localtimestamp",
          "not",
          "null",
          "or",
          "select",
          "session_user",
          "true",
          "user",
          "where");

  private SqlHints() {}

  /** One text for each hint that can be written. */
  static List<String> of(List<JsonPredicate> hints) {
    return hints.stream().map(SqlHints::sql).flatMap(Optional::stream).toList();
  }

  private static Optional<String> sql(JsonPredicate hint) {
    if (hint instanceof JsonPredicate.And and) {
      return nary(" AND ", and.children());
    } else if (hint instanceof JsonPredicate.Or or) {
      return nary(" OR ", or.children());
    } else if (hint instanceof JsonPredicate.Comparison comparison
        && comparison.left() instanceof JsonPredicate.Column column
        && comparison.right() instanceof JsonPredicate.Literal literal
        && PLAIN_NAME.matcher(column.name()).matches()
        && !RESERVED.contains(column.name().toLowerCase(Locale.ROOT))
        && literal.value().chars().noneMatch(c -> c == '\'' || c == '\\' || c < ' ')) {
      return Optional.of(
          column.name() + " " + operator(comparison.comparator()) + " " + constant(literal));
    }
    return Optional.empty();
  }

  private static Optional<String> nary(String operator, List<JsonPredicate> children) {
    List<String> parts = new ArrayList<>();
    for (JsonPredicate child : children) {
      Optional<String> part = sql(child);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      parts.add(part.get());
    }
    return Optional.of(parts.stream().collect(Collectors.joining(operator, "(", ")")));
  }

  private static String operator(JsonPredicate.Comparator comparator) {
    return switch (comparator) {
      case EQUAL -> "=";
      case LESS_THAN -> "<";
      case LESS_THAN_OR_EQUAL -> "<=";
      case GREATER_THAN -> ">";
      case GREATER_THAN_OR_EQUAL -> ">=";
    };
  }

  private static String constant(JsonPredicate.Literal literal) {
    return switch (literal.valueType()) {
      case BOOL, INT, LONG, FLOAT, DOUBLE -> literal.value();
      case STRING, DATE, TIMESTAMP -> "'" + literal.value() + "'";
    };
  }
}
