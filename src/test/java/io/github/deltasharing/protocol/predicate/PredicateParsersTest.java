/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.protocol.predicate.JsonPredicate.And;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Column;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Comparator;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Comparison;
import io.github.deltasharing.protocol.predicate.JsonPredicate.IsNull;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Literal;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Not;
import io.github.deltasharing.protocol.predicate.JsonPredicate.Or;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The two grammars of hints. */
@Tag("unit")
class PredicateParsersTest {
  private static final Map<String, ValueType> TYPES =
      Map.of("day", ValueType.DATE, "id", ValueType.LONG, "a.b c", ValueType.STRING);

  @Test
  void jsonRoundTrips() {
    JsonPredicate predicate =
        new And(
            List.of(
                new Comparison(
                    Comparator.EQUAL,
                    new Column("hireDate", ValueType.DATE),
                    new Literal("2021-04-29", ValueType.DATE)),
                new Or(
                    List.of(
                        new Not(new IsNull(new Column("id", ValueType.INT))),
                        new Comparison(
                            Comparator.LESS_THAN,
                            new Literal("25", ValueType.INT),
                            new Column("id", ValueType.INT))))));
    assertThat(JsonPredicate.parse(predicate.toJson().toString())).isEqualTo(predicate);
    assertThat(predicate.toJson().toString())
        .startsWith(
            "{\"op\":\"and\",\"children\":[{\"op\":\"equal\",\"children\":[{\"op\":\"column\","
                + "\"name\":\"hireDate\",\"valueType\":\"date\"},{\"op\":\"literal\","
                + "\"value\":\"2021-04-29\",\"valueType\":\"date\"}]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{}",
        "{\"op\":\"like\",\"children\":[]}",
        "{\"op\":\"and\",\"children\":[]}",
        "{\"op\":\"isNull\",\"children\":[{\"op\":\"literal\",\"value\":\"1\",\"valueType\":\"int\"}]}",
        "{\"op\":\"isNull\",\"children\":[{\"op\":\"column\",\"name\":\"a\",\"valueType\":\"blob\"}]}",
        "{\"op\":\"isNull\",\"children\":[{\"op\":\"column\",\"valueType\":\"int\"}]}",
        "{\"op\":\"not\"",
      })
  void otherJsonIsRefused(String json) {
    assertThatThrownBy(() -> JsonPredicate.parse(json))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "day >= '2021-01-01'|greaterThanOrEqual|day",
        "'2021-01-01' >= day|lessThanOrEqual|day",
        "id = -12|equal|id",
        "(ID = 12)|equal|ID",
        "`a`.`b c` < 'x'|lessThan|a.b c",
        "id <> 1|not|",
        "id IS NULL|isNull|",
        "id is not null|not|",
        "id = 1 and id < 3|and|",
        "id = 1 OR NOT (id < 3 AND id > 4)|or|",
      })
  void sqlOfTheProtocolIsUnderstood(String sql, String op, String column) {
    JsonPredicate predicate = parse(sql).orElseThrow();
    assertThat(predicate.toJson().path("op").asText()).isEqualTo(op);
    if (column != null) {
      Comparison comparison = (Comparison) predicate;
      assertThat(((Column) comparison.left()).name()).isEqualTo(column);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "id",
        "id =",
        "= 1",
        "id = id",
        "1 = 1",
        "none = 1",
        "id = '1'",
        "day = 20210101",
        "id = 1 AND",
        "(id = 1",
        "id = 1)",
        "id IN (1)",
        "id LIKE 'a'",
        "id = 1 -- x",
        "id == 1",
        "day = DATE '2021-01-01'",
        "id <=> 1",
        "day = 'a''b'",
        "id + 1 = 2",
        "id = 1;",
        "id IS 1",
        "day = '2021\\'01'",
        "id = 1L",
        "NOT",
        "id NOT NULL",
      })
  void otherSqlIsLeftAlone(String sql) {
    assertThat(parse(sql)).isEmpty();
  }

  @Test
  void hostileSqlIsLeftAlone() {
    assertThat(parse("(".repeat(100_000))).isEmpty();
    assertThat(parse("NOT ".repeat(100_000) + "id = 1")).isEmpty();
    assertThat(parse("day = '" + "x".repeat(1_000_000))).isEmpty();
  }

  private static Optional<JsonPredicate> parse(String sql) {
    return SqlHintParser.parse(
        sql, name -> Optional.ofNullable(TYPES.get(name.toLowerCase(java.util.Locale.ROOT))));
  }

  @Test
  void hugeAndDeepJsonIsNotUnderstood() {
    for (int levels : List.of(101, 400, 100_000)) {
      for (String op : List.of("not", "and", "or")) {
        String open = "{\"op\":\"" + op + "\",\"children\":[";
        assertThatThrownBy(
                () -> JsonPredicate.parse(open.repeat(levels) + leaf(1) + "]}".repeat(levels)))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
    assertThatThrownBy(() -> JsonPredicate.parse("[".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> JsonPredicate.parse("{\"x\":[" + "{},".repeat(400_000) + "1]}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tokens");
    assertThatThrownBy(() -> JsonPredicate.parse(or(3_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tokens");
  }

  @Test
  void whatOurOwnConnectorSendsAtMostIsUnderstood() {
    assertThat(JsonPredicate.parse(or(2_000)).toJson().path("children")).hasSize(2_000);
    String not = "{\"op\":\"not\",\"children\":[";
    assertThat(JsonPredicate.parse(not.repeat(90) + leaf(1) + "]}".repeat(90))).isNotNull();
    assertThat(parse("id = 1" + " OR id = 1".repeat(2_000))).isPresent();
    assertThat(parse("id = 1" + " OR id = 1".repeat(3_000))).isEmpty();
  }

  private static String or(int comparisons) {
    StringBuilder json = new StringBuilder("{\"op\":\"or\",\"children\":[");
    for (int i = 0; i < comparisons; i++) {
      json.append(i == 0 ? "" : ",").append(leaf(i));
    }
    return json.append("]}").toString();
  }

  private static String leaf(int value) {
    return new Comparison(
            Comparator.EQUAL,
            new Column("id", ValueType.LONG),
            new Literal(String.valueOf(value), ValueType.LONG))
        .toJson()
        .toString();
  }
}
