/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ExpiringCacheTest {
  private static final Duration THRESHOLD = Duration.ofMinutes(5);

  private final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final ExpiringCache<Value> cache = new ExpiringCache<>(2, clock);
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger tries = new AtomicInteger();
  private Duration life = Duration.ofHours(1);

  private record Value(int number, Instant obtained, Instant expires) implements Expiring {}

  private Value value() {
    return new Value(requests.incrementAndGet(), clock.instant(), clock.instant().plus(life));
  }

  private int get(String key) {
    return get(key, this::value, this::value);
  }

  private int get(String key, Supplier<Value> request, Supplier<Value> once) {
    return cache.get("getting " + key, key, THRESHOLD, request, once).number();
  }

  private Value fails() {
    tries.incrementAndGet();
    throw new IllegalStateException("no");
  }

  @Test
  void aValueIsKeptUntilShortlyBeforeItsEnd() {
    assertThat(List.of(get("a"), get("a"))).containsOnly(1);
    clock.move(life.minus(THRESHOLD).minusMillis(1));
    assertThat(get("a")).isEqualTo(1);
    clock.move(Duration.ofMillis(1));
    assertThat(get("a")).isEqualTo(2);
  }

  @Test
  void aValueThatLivesForSecondsIsKeptForMostOfThem() {
    life = Duration.ofSeconds(5);
    assertThat(get("a")).isEqualTo(1);
    clock.move(Duration.ofMillis(3999));
    assertThat(get("a")).isEqualTo(1);
    clock.move(Duration.ofMillis(1));
    assertThat(get("a")).as("a fifth of its life before its end").isEqualTo(2);
  }

  @Test
  void keysAreApartAndTheLongestUnusedIsForgotten() {
    assertThat(List.of(get("a"), get("b"), get("a"), get("c"))).containsExactly(1, 2, 1, 3);
    assertThat(get("a")).isEqualTo(1);
    assertThat(get("b")).isEqualTo(4);
  }

  @Test
  void failuresAreNotKept() {
    assertThatThrownBy(() -> get("a", this::fails, this::fails)).hasMessage("no");
    assertThat(get("a")).isEqualTo(1);
  }

  @Test
  void aRefusedValueIsReplacedOnce() {
    Value first = cache.get("getting a", "a", THRESHOLD, this::value, this::value);
    cache.forget("a", first);
    assertThat(get("a")).isEqualTo(2);
    cache.forget("a", first);
    assertThat(get("a")).as("refused was another one").isEqualTo(2);
    cache.forget("b", first);
  }

  @Test
  void aheadOfTheEndItIsOneTryThenAPauseThenAnother() {
    get("a");
    clock.move(life.minusSeconds(60));
    for (int i = 0; i < 3; i++) {
      assertThat(get("a", this::value, this::fails)).isEqualTo(1);
    }
    assertThat(tries).hasValue(1);
    clock.move(Duration.ofSeconds(6));
    assertThat(get("a", this::value, this::fails)).isEqualTo(1);
    assertThat(tries).hasValue(2);
    clock.move(Duration.ofSeconds(60));
    assertThat(get("a", this::value, this::fails)).as("it is over").isEqualTo(2);
  }

  /** All wait for one request; while it is replaced ahead nobody waits. */
  @Test
  void oneRequestIsOnItsWayAtATime() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    CompletableFuture<Value> response = new CompletableFuture<>();
    CountDownLatch asked = new CountDownLatch(1);
    Supplier<Value> slow =
        () -> {
          requests.incrementAndGet();
          asked.countDown();
          return response.join();
        };
    try {
      List<Future<Integer>> waiters = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        waiters.add(threads.submit(() -> get("a", slow, slow)));
      }
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      response.complete(new Value(77, clock.instant(), clock.instant().plus(life)));
      for (Future<Integer> waiter : waiters) {
        assertThat(waiter.get(20, TimeUnit.SECONDS)).isEqualTo(77);
      }
      assertThat(requests).hasValue(1);

      clock.move(life.minusSeconds(60));
      CompletableFuture<Value> renewed = new CompletableFuture<>();
      CountDownLatch renewing = new CountDownLatch(1);
      Future<Integer> renewer =
          threads.submit(
              () ->
                  get(
                      "a",
                      this::value,
                      () -> {
                        renewing.countDown();
                        return renewed.join();
                      }));
      assertThat(renewing.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(get("a", this::fails, this::fails)).as("others go on").isEqualTo(77);
      renewed.complete(new Value(78, clock.instant(), clock.instant().plus(life)));
      assertThat(renewer.get(20, TimeUnit.SECONDS)).isEqualTo(78);
      assertThat(get("a", this::fails, this::fails)).isEqualTo(78);
      assertThat(tries).hasValue(0);
    } finally {
      threads.shutdownNow();
    }
  }
}
