/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.testing.LogCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("unit")
@Timeout(60)
class RetryBudgetTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int TASKS = 64;

  private final AtomicLong clock = new AtomicLong(1_000 * SECOND);

  private RetryBudget budget(int perSecond, int burst) {
    return new RetryBudget("host", perSecond, burst, clock::get);
  }

  /** Whether a retry is allowed now, and not a nanosecond later. */
  private boolean allowed(RetryBudget budget) throws InterruptedException {
    return budget.await(0, 0, clock.get());
  }

  private int allowedNow(RetryBudget budget) throws InterruptedException {
    int count = 0;
    while (allowed(budget)) {
      count++;
    }
    return count;
  }

  @Test
  void timeFillsTheBucketUpToItsBrim() throws InterruptedException {
    RetryBudget budget = budget(10, 20);
    assertThat(allowedNow(budget)).isEqualTo(20);
    clock.addAndGet(SECOND + 1_000);
    assertThat(allowedNow(budget)).isEqualTo(10);
    clock.addAndGet(100 * SECOND);
    assertThat(allowedNow(budget)).isEqualTo(20);
  }

  @Test
  void successesFillItTooAndASuccessfulRetryGivesItsTokenBack() throws InterruptedException {
    RetryBudget budget = budget(10, 20);
    assertThat(allowedNow(budget)).isEqualTo(20);
    for (int i = 0; i < 51; i++) {
      budget.succeeded(false);
    }
    assertThat(allowedNow(budget)).isEqualTo(5);
    for (int i = 0; i < 3; i++) {
      budget.succeeded(true);
    }
    assertThat(allowedNow(budget)).isEqualTo(3);
    for (int i = 0; i < 1_000; i++) {
      budget.succeeded(true);
    }
    assertThat(allowedNow(budget)).isEqualTo(20);
  }

  @Test
  void oneFailureOfManyIsWorthAWarning() {
    RetryBudget budget = budget(10, 20);
    assertThat(budget.failed()).isTrue();
    for (int i = 0; i < 300; i++) {
      clock.addAndGet(SECOND);
      assertThat(budget.failed()).isFalse();
    }
    budget.succeeded(false);
    assertThat(budget.failed()).as("flapping").isFalse();
    clock.addAndGet(61 * SECOND);
    assertThat(budget.failed()).as("the next outage").isTrue();
    for (int i = 0; i < 599; i++) {
      clock.addAndGet(SECOND);
      assertThat(budget.failed()).isFalse();
    }
    clock.addAndGet(SECOND);
    assertThat(budget.failed()).as("ten minutes later").isTrue();
  }

  /** 64 tasks, a peer that is out for a second and a half. */
  @Test
  void anOutageIsNotAmplifiedAndItsEndIsSeenByAll() throws Exception {
    RetryBudget budget = new RetryBudget("host", 10, 20, System::nanoTime);
    RetryPolicy policy =
        new RetryPolicy(RangeClientTest.settings("retrySleepInterval", "200ms"), budget, true);
    AtomicBoolean out = new AtomicBoolean(true);
    AtomicInteger refused = new AtomicInteger();
    List<CompletableFuture<String>> results = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(TASKS);
    try (LogCapture log = LogCapture.of(RetryPolicy.class, Level.WARN)) {
      for (int i = 0; i < TASKS; i++) {
        results.add(
            CompletableFuture.supplyAsync(
                () ->
                    policy.run(
                        "x",
                        () -> {
                          if (out.get()) {
                            refused.incrementAndGet();
                            throw new TransientSharingException("busy", 503, "", "", -1);
                          }
                          return "done";
                        }),
                threads));
      }
      Thread.sleep(1_500);
      int retries = refused.get() - TASKS;
      out.set(false);
      long end = System.nanoTime();
      for (CompletableFuture<String> result : results) {
        assertThat(result.join()).isEqualTo("done");
      }
      assertThat(retries).isBetween(10, 20 + 16);
      assertThat((System.nanoTime() - end) / 1_000_000)
          .as("ms until the last one is done, of which up to 1,000 spread them")
          .isLessThan(8_000);
      assertThat(log.lines()).filteredOn(line -> line.startsWith("WARN")).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void anEmptyBucketMakesRetriesWaitButNotLongerThanTheirTime() {
    RetryBudget budget = new RetryBudget("host", 10, 1, System::nanoTime);
    RetryPolicy patient =
        new RetryPolicy(RangeClientTest.settings("retrySleepInterval", "1ms"), budget, false);
    AtomicInteger calls = new AtomicInteger();
    long start = System.nanoTime();
    patient.run(
        "x",
        () -> {
          if (calls.incrementAndGet() <= 3) {
            throw new TransientSharingException("busy", 503, "", "", -1);
          }
          return "done";
        });
    assertThat((System.nanoTime() - start) / 1_000_000).isBetween(150L, 5_000L);

    RetryBudget slow = new RetryBudget("host", 1, 1, System::nanoTime);
    RetryPolicy hasty =
        new RetryPolicy(
            RangeClientTest.settings("retrySleepInterval", "1ms", "maxRetryDuration", "200ms"),
            slow,
            false);
    TransientSharingException busy = new TransientSharingException("busy", 503, "", "", -1);
    calls.set(0);
    assertThatThrownBy(
            () ->
                hasty.run(
                    "x",
                    () -> {
                      calls.incrementAndGet();
                      throw busy;
                    }))
        .isSameAs(busy);
    assertThat(calls).hasValue(2);
  }

  /** A server could name hosts without end that never respond. */
  @Test
  void thatOfAHostThatNobodyTriesAnyMoreIsNotKeptForEver() {
    RetryBudget budget = budget(1, 2);
    assertThat(budget.isIdle()).isTrue();
    budget.failed();
    assertThat(budget.isIdle()).isFalse();
    clock.addAndGet(599 * SECOND);
    assertThat(budget.isIdle()).isFalse();
    clock.addAndGet(SECOND);
    assertThat(budget.isIdle()).isTrue();
  }

  @Test
  void hostsHaveBudgetsOfTheirOwn() {
    assertThat(RetryBudget.of("a:1")).isSameAs(RetryBudget.of("a:1"));
    assertThat(RetryBudget.of("a:2")).isNotSameAs(RetryBudget.of("a:1"));
  }
}
