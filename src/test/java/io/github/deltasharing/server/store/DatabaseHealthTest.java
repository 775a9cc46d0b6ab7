/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.MovableClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Looks at a database that is there, is not, or does not answer. */
@Tag("unit")
class DatabaseHealthTest {
  private final MovableClock clock = new MovableClock();
  private final AtomicBoolean there = new AtomicBoolean(true);
  private final AtomicInteger looks = new AtomicInteger();

  private boolean look() {
    looks.incrementAndGet();
    return there.get();
  }

  @Test
  void itIsLookedAtEveryOtherSecondAtMost() {
    DatabaseHealth health = new DatabaseHealth(this::look, clock, Duration.ofMinutes(1));
    for (int i = 0; i < 10; i++) {
      assertThat(health.isUp()).isTrue();
    }
    assertThat(looks).hasValue(1);
    there.set(false);
    assertThat(health.isUp()).isTrue();
    clock.move(Duration.ofSeconds(2));
    assertThat(health.isUp()).isFalse();
    there.set(true);
    clock.move(Duration.ofDays(-1));
    assertThat(health.isUp()).isTrue();
    assertThat(looks).hasValue(3);
  }

  @Test
  void oneThatDoesNotAnswerIsNotThereAndIsLookedAtByOneThread() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    DatabaseHealth health =
        new DatabaseHealth(
            () -> {
              try {
                answer.await();
                return look();
              } catch (InterruptedException e) {
                return false;
              } finally {
                over.countDown();
              }
            },
            clock,
            Duration.ofMillis(1));
    assertThat(health.isUp()).isFalse();
    clock.move(Duration.ofSeconds(10));
    assertThat(health.isUp()).isFalse();
    assertThat(looks).hasValue(0);
    answer.countDown();
    over.await();
    while (!health.isUp()) {
      Thread.onSpinWait();
    }
    assertThat(looks).hasValueGreaterThanOrEqualTo(1);
  }

  @Test
  void aLookThatFailsFindsNothing() {
    DatabaseHealth health =
        new DatabaseHealth(
            () -> {
              throw new IllegalStateException("no memory");
            },
            clock,
            Duration.ofMinutes(1));
    assertThat(health.isUp()).isFalse();
    clock.move(Duration.ofSeconds(3));
    assertThat(health.isUp()).isFalse();
  }
}
