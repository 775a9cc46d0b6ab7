/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Buckets, by a clock that goes and jumps. */
@Tag("unit")
class TokenBucketsTest {
  private final MovableClock clock = new MovableClock();
  private final TokenBuckets buckets = new TokenBuckets(100, clock);

  private int takeAll(String key) {
    int taken = 0;
    while (taken < 1_000 && buckets.take(key).isZero()) {
      taken++;
    }
    return taken;
  }

  @Test
  void aFullBucketIsABurstAndFillsInTime() {
    buckets.limit(2, 10);
    assertThat(takeAll("a")).isEqualTo(10);
    assertThat(buckets.take("a")).isEqualTo(Duration.ofMillis(500));
    clock.forwardMillis(400);
    assertThat(buckets.await("a")).isBetween(Duration.ofMillis(100), Duration.ofMillis(101));
    clock.forwardMillis(100);
    assertThat(takeAll("a")).isEqualTo(1);
    clock.move(Duration.ofDays(1));
    assertThat(takeAll("a")).isEqualTo(10);
    assertThat(takeAll("b")).isEqualTo(10);
  }

  @Test
  void toLookTakesNothing() {
    buckets.limit(1, 1);
    assertThat(buckets.await("a")).isZero();
    assertThat(buckets.await("a")).isZero();
    assertThat(takeAll("a")).isEqualTo(1);
  }

  @Test
  void aClockThatIsPutBackStopsNobodyForever() {
    buckets.limit(1, 1);
    assertThat(takeAll("a")).isEqualTo(1);
    clock.move(Duration.ofDays(-365));
    assertThat(buckets.take("a")).isEqualTo(Duration.ofSeconds(1));
    clock.move(Duration.ofSeconds(1));
    assertThat(takeAll("a")).isEqualTo(1);
  }

  @Test
  void anotherLimitCountsAtOnce() {
    buckets.limit(1, 100);
    assertThat(buckets.take("a")).isZero();
    buckets.limit(1, 5);
    assertThat(takeAll("a")).isEqualTo(5);
    buckets.limit(0, 0);
    assertThat(takeAll("a")).isEqualTo(1_000);
    buckets.limit(1, 5);
    assertThat(takeAll("a")).isZero();
  }

  @Test
  void keysAreForgottenThoseFirstThatWereNotUsed() {
    buckets.limit(1, 1);
    assertThat(takeAll("first")).isEqualTo(1);
    for (int i = 0; i < 10_000; i++) {
      takeAll("key " + i);
      assertThat(buckets.take("first")).isPositive();
    }
    assertThat(buckets.keys()).isEqualTo(100);
    assertThat(takeAll("key 3")).isEqualTo(1);
  }
}
