/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import io.github.deltasharing.testing.CorpusTable.CorpusColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Makes conditions in SQL over the columns of a table: leaves of every kind that Spark may push
 * into a source, or must not, under AND, OR and NOT. The same seed makes the same conditions. Used
 * by one thread.
 */
public final class RandomPredicate {
  private static final int MAX_DEPTH = 4;
  private static final List<String> COMPARISONS =
      List.of("=", "=", "<>", "<", "<=", ">", ">=", "<=>");

  private final Random random;
  private final List<CorpusColumn> columns;
  private final Map<String, Integer> made = new TreeMap<>();

  public RandomPredicate(Random random, List<CorpusColumn> columns) {
    this.random = random;
    this.columns = columns;
  }

  public String next() {
    return tree(MAX_DEPTH);
  }

  /** How many nodes of each kind were made so far. */
  public Map<String, Integer> made() {
    return Map.copyOf(made);
  }

  private String tree(int depth) {
    if (depth == 0 || random.nextInt(10) < (depth == MAX_DEPTH ? 3 : 5)) {
      return leaf();
    }
    return switch (random.nextInt(5)) {
      case 0 -> as("not", "NOT (" + tree(depth - 1) + ")");
      case 1, 2 -> as("or", "(" + tree(depth - 1) + " OR " + tree(depth - 1) + ")");
      default -> as("and", "(" + tree(depth - 1) + " AND " + tree(depth - 1) + ")");
    };
  }

  private String leaf() {
    CorpusColumn column = anyOf(columns);
    String name = column.name();
    SampleKind kind = column.kind();
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5 -> comparison(name, kind);
      case 6, 7 -> in(name, kind, 1 + random.nextInt(4), "in");
      case 8 -> in(name, kind, 55, "in, long");
      case 9 -> as("between", name + not() + " BETWEEN " + literal(kind) + " AND " + literal(kind));
      case 10, 11 -> as("is null", name + " IS" + not() + " NULL");
      case 12 ->
          as("null-safe null", random.nextBoolean() ? name + " <=> NULL" : "NULL <=> " + name);
      case 13 -> cast(name, kind);
      case 14 -> columnToColumn(column);
      case 15 -> kind == SampleKind.BOOLEAN ? as("boolean", name) : function(name, kind);
      case 16 ->
          as(
              "coalesce",
              "coalesce("
                  + name
                  + ", "
                  + literal(kind)
                  + ") "
                  + anyOf(COMPARISONS)
                  + " "
                  + literal(kind));
      default -> kind == SampleKind.STRING ? like(name) : function(name, kind);
    };
  }

  private String comparison(String name, SampleKind kind) {
    if (kind == SampleKind.BOOLEAN && random.nextBoolean()) {
      return as("boolean", name);
    }
    String op = anyOf(COMPARISONS);
    return random.nextInt(4) == 0
        ? as("comparison", literal(kind) + " " + op + " " + name)
        : as("comparison", name + " " + op + " " + literal(kind));
  }

  private String in(String name, SampleKind kind, int size, String label) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      // Few of many, so that a long list does not always match.
      values.add(size > 10 && kind.numeric() && i > 5 ? String.valueOf(1000 + i) : literal(kind));
    }
    if (size > 10 && kind == SampleKind.STRING) {
      values.replaceAll(
          value -> random.nextInt(6) == 0 ? value : "'x" + random.nextInt(1000) + "'");
    }
    // Spark contradicts itself: NaN IN (more than ten values and NULL) is false in a projection and
    // null in a filter.
    boolean ambiguous = kind.floating() && size > 10;
    int nullAt = random.nextInt(size * 3);
    if (nullAt < size && !ambiguous) {
      values.set(nullAt, "NULL");
    }
    return as(label, name + not() + " IN (" + String.join(", ", values) + ")");
  }

  private String like(String name) {
    String text = SampleKind.STRING.any(random).replace("\\", "").replace("%", "");
    int length = text.codePointCount(0, text.length());
    int from = text.offsetByCodePoints(0, random.nextInt(length + 1));
    String pattern =
        switch (random.nextInt(4)) {
          case 0 -> text.substring(0, from) + "%";
          case 1 -> "%" + text.substring(from);
          case 2 -> "%" + text.substring(from, Math.min(text.length(), from + 1)) + "%";
          default -> text.substring(0, from) + "_%";
        };
    // Half of a surrogate pair is no text that a query could hold.
    boolean whole = pattern.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    return as(
        "like", name + not() + " LIKE " + SampleKind.quoted(whole ? pattern : "%" + text + "%"));
  }

  private String cast(String name, SampleKind kind) {
    String op = anyOf(COMPARISONS);
    String text =
        switch (random.nextInt(kind == SampleKind.BINARY ? 1 : 4)) {
          case 0, 1 ->
              "CAST(%s AS STRING) %s %s"
                  .formatted(name, op, SampleKind.quoted(kind.any(random).replace("Z", "")));
          case 2 ->
              kind == SampleKind.DATE || kind == SampleKind.BOOLEAN
                  ? "CAST(%s AS STRING) %s 'true'".formatted(name, op)
                  : "CAST(%s AS INT) %s %s".formatted(name, op, SampleKind.INT.any(random));
          default ->
              switch (kind) {
                case TIMESTAMP ->
                    "CAST(%s AS DATE) %s %s".formatted(name, op, literal(SampleKind.DATE));
                case DATE ->
                    "CAST(%s AS TIMESTAMP) %s %s"
                        .formatted(name, op, literal(SampleKind.TIMESTAMP));
                case BOOLEAN -> "CAST(%s AS INT) %s 1".formatted(name, op);
                default ->
                    "CAST(%s AS DOUBLE) %s %s".formatted(name, op, literal(SampleKind.DOUBLE));
              };
        };
    return as("cast", text);
  }

  private String columnToColumn(CorpusColumn column) {
    List<CorpusColumn> comparable =
        columns.stream()
            .filter(
                c -> c.kind() == column.kind() || (c.kind().numeric() && column.kind().numeric()))
            .toList();
    return as(
        "column to column",
        column.name() + " " + anyOf(COMPARISONS) + " " + anyOf(comparable).name());
  }

  private String function(String name, SampleKind kind) {
    String op = anyOf(COMPARISONS);
    String n = Integer.toString(random.nextInt(5));
    List<String> forms =
        switch (kind) {
          case TINYINT, SMALLINT, INT, BIGINT ->
              List.of(
                  name + " % 3 " + op + " 1",
                  name + " + 1 " + op + " " + literal(kind),
                  "-" + name + " " + op + " " + literal(kind),
                  "abs(" + name + ") < " + literal(kind),
                  name + " & 1 = " + n,
                  "nullif(" + name + ", " + n + ") " + op + " " + n);
          case FLOAT, DOUBLE ->
              List.of(
                  "isnan(" + name + ")",
                  "nanvl(" + name + ", 1.0) " + op + " " + literal(kind),
                  name + " * 2 " + op + " " + literal(kind),
                  "round(" + name + ") " + op + " " + n);
          case SMALL_DECIMAL, LARGE_DECIMAL ->
              List.of(
                  name + " * 2 " + op + " " + literal(kind),
                  "floor(" + name + ") " + op + " " + n,
                  name + " + 0.01 " + op + " " + literal(kind));
          case STRING ->
              List.of(
                  "length(" + name + ") > " + n,
                  "upper(" + name + ") " + op + " " + literal(kind),
                  "trim(" + name + ") " + op + " " + literal(kind),
                  "substr(" + name + ", 1, 32) " + op + " " + literal(kind),
                  "concat(" + name + ", 'x') " + op + " " + literal(kind),
                  "startswith(" + name + ", " + literal(kind) + ")",
                  "contains(" + name + ", 'a')",
                  "nullif(" + name + ", '') IS" + not() + " NULL");
          case DATE ->
              List.of(
                  "year(" + name + ") " + op + " 2024",
                  "month(" + name + ") = " + n,
                  "date_add(" + name + ", 1) " + op + " " + literal(kind),
                  "trunc(" + name + ", 'MM') " + op + " " + literal(kind));
          case TIMESTAMP ->
              List.of(
                  "year(" + name + ") " + op + " 2024",
                  "to_date(" + name + ") " + op + " " + literal(SampleKind.DATE),
                  "hour(" + name + ") " + op + " 12",
                  "date_trunc('HOUR', " + name + ") " + op + " " + literal(kind),
                  name + " + INTERVAL 1 DAY " + op + " " + literal(kind));
          case BOOLEAN ->
              List.of(name, name + " = true", name + " <> true", "if(" + name + ", false, true)");
          case BINARY ->
              List.of("length(" + name + ") > " + n, "hex(" + name + ") " + op + " 'FF'");
        };
    return as("function", anyOf(forms));
  }

  /** A constant to compare with: of the type itself, or one that Spark has to cast. */
  private String literal(SampleKind kind) {
    String value = kind.any(random);
    int form = random.nextInt(10);
    if (form > 2) {
      return kind.literal(value);
    }
    return switch (kind) {
      case TINYINT, SMALLINT, INT, FLOAT, DOUBLE ->
          form == 0
              ? literal(kind.floating() ? SampleKind.SMALL_DECIMAL : SampleKind.BIGINT)
              : kind.literal(value);
      case BIGINT -> form == 0 ? literal(SampleKind.DOUBLE) : "'" + value + "'";
      case SMALL_DECIMAL, LARGE_DECIMAL -> form == 0 ? literal(SampleKind.INT) : value + "BD";
      // Without a zone it is the session's.
      case TIMESTAMP ->
          form == 0 ? literal(SampleKind.DATE) : "TIMESTAMP'" + value.replace("Z", "") + "'";
      case DATE -> form == 0 ? literal(SampleKind.TIMESTAMP) : "'" + value + "'";
      case STRING -> form == 0 ? "'" + SampleKind.INT.any(random) + "'" : kind.literal(value);
      case BOOLEAN, BINARY -> kind.literal(value);
    };
  }

  private String not() {
    return random.nextInt(3) == 0 ? " NOT" : "";
  }

  private <T> T anyOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private String as(String kind, String predicate) {
    made.merge(kind, 1, Integer::sum);
    return predicate;
  }
}
