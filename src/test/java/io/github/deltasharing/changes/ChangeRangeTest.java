/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.read.RowChange;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.LiteralValue;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which commits a read of changes is about, by its options and its predicates. */
@Tag("unit")
class ChangeRangeTest {
  private static final ChangeRange OPEN = new ChangeRange(AsOf.ofVersion(2), AsOf.latest());

  private static ChangeRange range(String... namesAndValues) {
    Map<String, String> options = new HashMap<>(Map.of("readChangeFeed", "true"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      options.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return ChangeRange.of(new SharingReadConf(options, name -> null));
  }

  @Test
  void bothEndsAreRead() {
    assertThat(range("startingVersion", "0", "endingVersion", "7"))
        .isEqualTo(new ChangeRange(AsOf.ofVersion(0), AsOf.ofVersion(7)))
        .hasToString(" from version 0 to version 7");
    assertThat(range("STARTINGVERSION", " 2 ")).isEqualTo(OPEN).hasToString(" from version 2 on");
    assertThat(range("startingTimestamp", "2024-01-31", "endingTimestamp", "2024-02-01 12:00:00Z"))
        .hasToString(" from 2024-01-31T00:00:00Z to 2024-02-01T12:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "endingVersion, 3, startingVersion, is missing",
    "startingVersion, LATEST, latest, readStream",
    "startingVersion, -1, startingVersion, integer ≥ 0",
    "startingVersion, 1.5, startingVersion, integer ≥ 0",
    "startingVersion, 99999999999999999999, startingVersion, integer ≥ 0",
    "startingTimestamp, noon, startingTimestamp, timestamp such as",
    "endingVersion, -2, endingVersion, integer ≥ 0"
  })
  void aBadBoundIsNamed(String name, String value, String named, String said) {
    assertThatThrownBy(() -> range(name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + named + "'")
        .hasMessageContaining(said);
  }

  @ParameterizedTest
  @CsvSource({
    "startingVersion, 3, endingVersion, 2",
    "startingTimestamp, 2024-01-02, endingTimestamp, 2024-01-01"
  })
  void aRangeThatEndsBeforeItStartsIsRefused(String start, String first, String end, String last) {
    assertThatThrownBy(() -> range(start, first, end, last))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("before it starts")
        .hasMessageContaining(start)
        .hasMessageContaining(end);
  }

  @ParameterizedTest
  @CsvSource({
    "startingVersion, startingTimestamp",
    "endingVersion, endingTimestamp",
    "versionAsOf, readChangeFeed",
    "timestampAsOf, readChangeFeed"
  })
  void whatExcludesEachOtherIsRefused(String one, String other) {
    assertThatThrownBy(
            () ->
                range(
                    "startingVersion", "0", one, "1", other, other.startsWith("r") ? "true" : "1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(one)
        .hasMessageContaining(other)
        .hasMessageContaining("exclude each other");
  }

  @Test
  void boundsOfASnapshotAreStray() {
    SharingReadConf conf = new SharingReadConf(Map.of("endingVersion", "1"), name -> null);
    assertThatThrownBy(() -> ChangeRange.refuseStray(conf))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("endingVersion")
        .hasMessageContaining("readChangeFeed");
    ChangeRange.refuseStray(SharingReadConf.defaults());
  }

  private static Expression column(String name) {
    return Expressions.column(name);
  }

  private static Expression version(long value) {
    return new LiteralValue<>(value, DataTypes.LongType);
  }

  private static ChangeFilter filter(String operator, Expression... sides) {
    return ChangeFilter.of(new Predicate[] {new Predicate(operator, sides)});
  }

  @ParameterizedTest
  @CsvSource({
    "'=', 5, ' from version 5 to version 5'",
    "'<=>', 5, ' from version 5 to version 5'",
    "'>=', 5, ' from version 5 on'",
    "'>', 5, ' from version 6 on'",
    "'<=', 5, ' from version 2 to version 5'",
    "'<', 5, ' from version 2 to version 4'",
    "'<', 2, ",
    "'=', -1, ",
    "'>', 1, ' from version 2 on'",
    "'>', 90, ' from version 9 on'",
    "'>', 9223372036854775807, ' from version 2 on'",
    "'<>', 5, ' from version 2 on'"
  })
  void predicatesOnTheVersionNarrowTheRange(String operator, long value, String narrowed) {
    ChangeRange range = filter(operator, column("_commit_version"), version(value)).narrow(OPEN, 9);
    assertThat(range == null ? null : range.toString()).isEqualTo(narrowed);
  }

  @Test
  void literalsMayStandInFrontAndInLists() {
    assertThat(filter("<", version(4), column("_commit_version")).narrow(OPEN, 9))
        .hasToString(" from version 5 on");
    assertThat(
            filter("IN", column("_commit_version"), version(7), version(3), version(5))
                .narrow(OPEN, 9))
        .hasToString(" from version 3 to version 7");
    assertThat(filter("IN", column("_commit_version"), version(3), column("id")).narrow(OPEN, 9))
        .isEqualTo(OPEN);
    assertThat(filter("=", column("id"), version(3)).narrow(OPEN, 9)).isEqualTo(OPEN);
  }

  @Test
  void commitsBetweenThoseOfAListAreLeftOut() {
    ChangeFilter filter = filter("IN", column("_commit_version"), version(7), version(3));
    assertThat(filter.mayMatch(new RowChange(null, 7, 0))).isTrue();
    assertThat(filter.mayMatch(new RowChange(null, 5, 0))).isFalse();
    assertThat(filter)
        .isEqualTo(filter("IN", column("_commit_version"), version(3), version(7)))
        .isNotEqualTo(filter("IN", column("_commit_version"), version(3), version(5), version(7)));
  }

  @Test
  void endsByTimeStayAsTheyAre() {
    ChangeRange byTime = range("startingTimestamp", "2024-01-01", "endingTimestamp", "2024-02-01");
    ChangeFilter filter = filter("=", column("_commit_version"), version(5));
    assertThat(filter.narrow(byTime, 9)).isEqualTo(byTime);
    assertThat(filter.mayMatch(new RowChange(null, 5, 0))).isTrue();
    assertThat(filter.mayMatch(new RowChange(null, 6, 0))).isFalse();
  }

  @Test
  void typesAndTimesLeaveFilesOut() {
    Expression insert = new LiteralValue<>(UTF8String.fromString("insert"), DataTypes.StringType);
    ChangeFilter inserts = filter("=", column("_change_type"), insert);
    assertThat(inserts.mayMatch(new RowChange("insert", 1, 0))).isTrue();
    assertThat(inserts.mayMatch(new RowChange("delete", 1, 0))).isFalse();
    assertThat(inserts.mayMatch(new RowChange(null, 1, 0))).isTrue();
    ChangeFilter millis = filter(">=", column("_commit_timestamp"), version(1_000));
    Expression second = new LiteralValue<>(1_000_000L, DataTypes.TimestampType);
    ChangeFilter micros = filter(">=", column("_commit_timestamp"), second);
    for (ChangeFilter since : new ChangeFilter[] {millis, micros}) {
      assertThat(since.mayMatch(new RowChange("insert", 1, 1_000))).isTrue();
      assertThat(since.mayMatch(new RowChange("insert", 1, 999))).isFalse();
    }
  }
}
