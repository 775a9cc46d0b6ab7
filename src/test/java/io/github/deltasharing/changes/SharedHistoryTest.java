/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.LiteralValue;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The range of a table with versions 0 to 9, committed a second after another from second 1 on. */
@Tag("unit")
class SharedHistoryTest {
  private static final long LATEST = 9;

  private final List<String> requests = new ArrayList<>();

  private ChangeRange range(ToLongFunction<Instant> versions, Predicate... predicates) {
    SharingClient client =
        (SharingClient)
            Proxy.newProxyInstance(
                SharingClient.class.getClassLoader(),
                new Class<?>[] {SharingClient.class},
                (proxy, method, arguments) -> {
                  requests.add((String) arguments[1]);
                  return versions.applyAsLong(Instant.parse((String) arguments[1]));
                });
    return new SharedHistory(client, new TableName("s", "c", "t"), LATEST)
        .range(ChangeFilter.of(predicates), AsOf.latest());
  }

  private static long honest(Instant time) {
    return Math.max(0, -Math.floorDiv(-time.toEpochMilli(), 1_000) - 1);
  }

  /** A server that does not know the parameter of times. */
  private static long heedless(Instant time) {
    return LATEST;
  }

  private static Predicate time(String operator, long second) {
    return new Predicate(
        operator,
        new Expression[] {
          Expressions.column("_commit_timestamp"),
          new LiteralValue<>(second * 1_000_000, DataTypes.TimestampType)
        });
  }

  private static ChangeRange from(long first, AsOf end) {
    return new ChangeRange(AsOf.ofVersion(first), end);
  }

  @Test
  void timesAreAsked() {
    assertThat(range(SharedHistoryTest::honest, time(">=", 4), time("<", 7)))
        .isEqualTo(from(3, AsOf.ofVersion(6)));
    assertThat(requests).hasSize(2);
  }

  @Test
  void theLatestVersionIsAskedForTwice() {
    assertThat(range(SharedHistoryTest::honest, time(">=", 10)))
        .isEqualTo(from(LATEST, AsOf.latest()));
    assertThat(requests).containsExactly("1970-01-01T00:00:10Z", "1970-01-01T00:00:00Z");
  }

  @Test
  void noCommitIsLeftOutWhereTheServerTakesNoNoticeOfTimes() {
    assertThat(range(SharedHistoryTest::heedless)).isEqualTo(from(0, AsOf.latest()));
    assertThat(range(SharedHistoryTest::heedless, time(">=", 4))).isEqualTo(from(0, AsOf.latest()));
    assertThat(range(SharedHistoryTest::heedless, time("<=", 20)))
        .isEqualTo(from(0, AsOf.latest()));
  }
}
