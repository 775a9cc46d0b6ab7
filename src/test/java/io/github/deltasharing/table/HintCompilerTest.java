/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.protocol.predicate.JsonPredicate;
import io.github.deltasharing.protocol.predicate.JsonPredicate.And;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Column;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Comparator;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Comparison;
import io.github.deltasharing.protocol.predicate.JsonPredicate.IsNull;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Literal;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Not;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Or;
import io.github.deltasharing.protocol.predicate.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Soundness by comparison: files of random rows, statistics as Delta Lake writes them, random
 * predicates. Whatever file holds a row that a predicate is true for must be kept.
 */
@Tag("unit")
class HintCompilerTest {
  private static final String SCHEMA =
      """
      {"type":"struct","fields":[
       {"name":"p","type":"integer","metadata":{}},
       {"name":"ps","type":"string","metadata":{}},
       {"name":"n","type":"long","metadata":{}},
       {"name":"s","type":"string","metadata":{"delta.columnMapping.physicalName":"col-s"}},
       {"name":"d","type":"double","metadata":{}},
       {"name":"odd","type":"long","metadata":{"delta.typeChanges":[]}}]}""";
  private static final HintCompiler COMPILER =
      new HintCompiler(new FilterColumns(SCHEMA, List.of("p", "ps"), true));
  private static final String[] TEXTS = {
    "",
    "a",
    "b",
    "a\uffff",
    "a\ud83d\ude00",
    "prefix-of-more-than-thirty-two-characters-1",
    "prefix-of-more-than-thirty-two-characters-2"
  };
  private static final Double[] NUMBERS = {
    -1.5, -0.0, 0.0, 1.0, 2.5, Double.NaN, Double.POSITIVE_INFINITY
  };

  private static final List<Comparator> COMPARATORS = List.of(Comparator.values());

  private final Random random = new Random(42);

  @Test
  void neverDropsAFileWithAMatchingRow() {
    int kept = 0;
    int dropped = 0;
    int matching = 0;
    for (int i = 0; i < 60_000; i++) {
      List<Map<String, Object>> rows = rows();
      JsonPredicate predicate = predicate(3);
      boolean matches = rows.stream().anyMatch(row -> Boolean.TRUE.equals(value(predicate, row)));
      boolean mayMatch =
          COMPILER.compile(predicate).mayMatch(FileFacts.of(partition(rows), statistics(rows)));
      assertThat(mayMatch || !matches)
          .as("%s on %s with %s", predicate.toJson(), rows, partition(rows))
          .isTrue();
      matching += matches ? 1 : 0;
      kept += mayMatch ? 1 : 0;
      dropped += mayMatch ? 0 : 1;
    }
    // The comparison is worth something only if all three happen often.
    assertThat(matching).isGreaterThan(10_000);
    assertThat(dropped).isGreaterThan(10_000);
    assertThat(kept - matching).isLessThan(15_000);
  }

  @Test
  void skipsByRangePartitionAndNulls() {
    String stats =
        String.valueOf(
            "{\"numRecords\":3,\"minValues\":{\"n\":5,\"col-s\":\"b\"},"
                + "\"maxValues\":{\"n\":9,\"col-s\":\"d\"},\"nullCount\":{\"n\":0,\"col-s\":3}}");
    assertThat(may(comparison(Comparator.LESS_THAN, "n", ValueType.LONG, "5"), stats)).isFalse();
    assertThat(may(comparison(Comparator.LESS_THAN_OR_EQUAL, "N", ValueType.LONG, "5"), stats))
        .isTrue();
    assertThat(may(comparison(Comparator.EQUAL, "s", ValueType.STRING, "c"), stats)).isFalse();
    assertThat(may(new IsNull(new Column("n", ValueType.LONG)), stats)).isFalse();
    assertThat(may(new Not(new IsNull(new Column("n", ValueType.LONG))), stats)).isTrue();
    assertThat(may(new Not(new IsNull(new Column("s", ValueType.STRING))), stats)).isFalse();
    assertThat(may(new Not(comparison(Comparator.EQUAL, "n", ValueType.LONG, "7")), stats))
        .isTrue();
  }

  @Test
  void keepsWhatIsNotCertain() {
    String stats =
        String.valueOf(
            "{\"numRecords\":3,\"minValues\":{\"n\":5,\"odd\":5},\"maxValues\":{\"n\":9,"
                + "\"odd\":9},\"nullCount\":{\"n\":0,\"odd\":0}}");
    for (JsonPredicate predicate :
        List.of(
            comparison(Comparator.EQUAL, "none", ValueType.LONG, "1"),
            comparison(Comparator.EQUAL, "odd", ValueType.LONG, "1"),
            comparison(Comparator.EQUAL, "n", ValueType.STRING, "1"),
            comparison(Comparator.EQUAL, "n", ValueType.INT, "1"),
            comparison(Comparator.EQUAL, "n", ValueType.LONG, "one"),
            comparison(Comparator.EQUAL, "p", ValueType.INT, "1"))) {
      assertThat(may(predicate, stats)).as(predicate.toString()).isTrue();
    }
    assertThat(may(comparison(Comparator.EQUAL, "n", ValueType.LONG, "1"), null)).isTrue();
    assertThat(FileStatistics.parse("not json").numRecords()).isEmpty();
  }

  private static boolean may(JsonPredicate predicate, String stats) {
    return COMPILER.compile(predicate).mayMatch(FileFacts.of(Map.of(), stats));
  }

  private static JsonPredicate comparison(
      Comparator comparator, String column, ValueType type, String value) {
    return new Comparison(comparator, new Column(column, type), new Literal(value, type));
  }

  private List<Map<String, Object>> rows() {
    Integer p = random.nextInt(4) == 0 ? null : random.nextInt(4);
    String ps = random.nextInt(4) == 0 ? null : TEXTS[1 + random.nextInt(4)];
    int base = random.nextInt(6);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      Map<String, Object> row = new HashMap<>();
      row.put("p", p);
      row.put("ps", ps);
      row.put("n", random.nextInt(4) == 0 ? null : (long) base + random.nextInt(2));
      row.put("s", random.nextInt(4) == 0 ? null : TEXTS[random.nextInt(TEXTS.length)]);
      row.put("d", random.nextInt(4) == 0 ? null : NUMBERS[random.nextInt(NUMBERS.length)]);
      rows.add(row);
    }
    return rows;
  }

  private static Map<String, String> partition(List<Map<String, Object>> rows) {
    Map<String, String> values = new HashMap<>();
    for (String column : List.of("p", "ps")) {
      Object value = rows.get(0).get(column);
      values.put(column, value == null ? null : value.toString());
    }
    return values;
  }

  /** Text is cut at 32 characters without rounding up, NaN is left out: the worst of writers. */
  private String statistics(List<Map<String, Object>> rows) {
    if (random.nextInt(10) == 0) {
      return null;
    }
    ObjectNode stats = new ObjectMapper().createObjectNode().put("numRecords", rows.size());
    for (String column : List.of("n", "s", "d")) {
      String physical = column.equals("s") ? "col-s" : column;
      List<Object> values =
          rows.stream()
              .map(row -> row.get(column))
              .filter(v -> v != null && !v.equals(Double.NaN))
              .sorted(HintCompilerTest::compare)
              .toList();
      stats
          .withObject("/nullCount")
          .put(physical, rows.stream().filter(row -> row.get(column) == null).count());
      if (!values.isEmpty()) {
        put(stats.withObject("/minValues"), physical, values.get(0));
        put(stats.withObject("/maxValues"), physical, values.get(values.size() - 1));
      }
    }
    return stats.toString();
  }

  private static void put(ObjectNode node, String name, Object value) {
    if (value instanceof String text) {
      node.put(name, text.length() > 32 ? text.substring(0, 32) : text);
    } else if (value instanceof Long number) {
      node.put(name, number);
    } else if (!((Double) value).isInfinite()) {
      node.put(name, (Double) value);
    }
  }

  private JsonPredicate predicate(int depth) {
    if (depth > 0 && random.nextBoolean()) {
      List<JsonPredicate> children = List.of(predicate(depth - 1), predicate(depth - 1));
      return switch (random.nextInt(3)) {
        case 0 -> new And(children);
        case 1 -> new Or(children);
        default -> new Not(children.get(0));
      };
    }
    int column = random.nextInt(5);
    String name = List.of("p", "ps", "n", "s", "d").get(column);
    ValueType type =
        List.of(ValueType.INT, ValueType.STRING, ValueType.LONG, ValueType.STRING, ValueType.DOUBLE)
            .get(column);
    if (random.nextInt(5) == 0) {
      return new IsNull(new Column(name, type));
    }
    String value =
        switch (type) {
          case STRING -> TEXTS[random.nextInt(TEXTS.length)];
          case DOUBLE -> NUMBERS[random.nextInt(NUMBERS.length)].toString();
          default -> Integer.toString(random.nextInt(8));
        };
    Comparator comparator = COMPARATORS.get(random.nextInt(5));
    Column left = new Column(name, type);
    Literal right = new Literal(value, type);
    return random.nextBoolean()
        ? new Comparison(comparator, left, right)
        : new Comparison(comparator.flipped(), right, left);
  }

  /** SQL's value of the predicate for a row; null is unknown. */
  private static Boolean value(JsonPredicate predicate, Map<String, Object> row) {
    if (predicate instanceof Not not) {
      Boolean child = value(not.child(), row);
      return child == null ? null : !child;
    }
    if (predicate instanceof IsNull isNull) {
      return row.get(isNull.column().name()) == null;
    }
    if (predicate instanceof And and) {
      List<Boolean> values = values(and.children(), row);
      return values.contains(false) ? Boolean.FALSE : values.contains(null) ? null : Boolean.TRUE;
    }
    if (predicate instanceof Or or) {
      List<Boolean> values = values(or.children(), row);
      return values.contains(true) ? Boolean.TRUE : values.contains(null) ? null : Boolean.FALSE;
    }
    Comparison comparison = (Comparison) predicate;
    Object left = operand(comparison.left(), row);
    Object right = operand(comparison.right(), row);
    if (left == null || right == null) {
      return null;
    }
    int order = compare(left, right);
    return switch (comparison.comparator()) {
      case EQUAL -> order == 0;
      case LESS_THAN -> order < 0;
      case LESS_THAN_OR_EQUAL -> order <= 0;
      case GREATER_THAN -> order > 0;
      case GREATER_THAN_OR_EQUAL -> order >= 0;
    };
  }

  private static List<Boolean> values(List<JsonPredicate> children, Map<String, Object> row) {
    List<Boolean> values = new ArrayList<>();
    children.forEach(child -> values.add(value(child, row)));
    return values;
  }

  private static Object operand(JsonPredicate.Operand operand, Map<String, Object> row) {
    if (operand instanceof Literal literal) {
      return switch (literal.valueType()) {
        case STRING -> literal.value();
        case DOUBLE -> Double.valueOf(literal.value());
        default -> Long.valueOf(literal.value());
      };
    }
    Object value = row.get(((Column) operand).name());
    return value instanceof Integer number ? Long.valueOf(number) : value;
  }

  /** Spark's order: text by its UTF-8 bytes, NaN last, zeros equal. */
  private static int compare(Object a, Object b) {
    if (a instanceof String left) {
      return java.util.Arrays.compareUnsigned(
          left.getBytes(java.nio.charset.StandardCharsets.UTF_8),
          ((String) b).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    if (a instanceof Double left) {
      return Double.compare(left + 0.0, (Double) b + 0.0);
    }
    return Long.compare((Long) a, (Long) b);
  }
}
