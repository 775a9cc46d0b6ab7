/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.options.HttpSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class RetryPolicyTest {
  private final AtomicInteger calls = new AtomicInteger();

  private static HttpSettings settings(String... namesAndValues) {
    List<String> all = new ArrayList<>(List.of(namesAndValues));
    all.addAll(List.of("retrySleepInterval", "1ms"));
    return RangeClientTest.settings(all.toArray(String[]::new));
  }

  /** With a budget of its own, which does not limit it. */
  private static RetryPolicy policy(String... options) {
    return new RetryPolicy(
        settings(options), new RetryBudget("host", 1_000, 1_000, System::nanoTime), false);
  }

  private static TransientSharingException busy(long retryAfterMillis) {
    return new TransientSharingException("busy", 503, "", "", retryAfterMillis);
  }

  private String failing(int times, RuntimeException failure) {
    if (calls.incrementAndGet() <= times) {
      throw failure;
    }
    return "done";
  }

  @Test
  void whatTheServerAskedToWaitIsWaited() {
    long start = System.nanoTime();
    String result = policy().run("x", () -> failing(2, busy(60)));
    assertThat(result).isEqualTo("done");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(120));
    assertThat(calls).hasValue(3);
  }

  @Test
  void theLastFailureIsThrownWhenTheNumberIsSpent() {
    TransientSharingException failure = busy(-1);
    assertThatThrownBy(() -> policy("numRetries", "4").run("x", () -> failing(99, failure)))
        .isSameAs(failure);
    assertThat(calls).hasValue(5);
  }

  @Test
  void inAnOutageRetriesAreNotCountedAsLongAsTheOptionSays() {
    assertThat(policy().outlastingOutages().run("x", () -> failing(9, busy(-1)))).isEqualTo("done");
    assertThat(calls).hasValue(10);

    for (RetryPolicy counting :
        List.of(
            policy(),
            policy("numRetries", "3").outlastingOutages(),
            policy("maxOutageDuration", "0s").outlastingOutages())) {
      calls.set(0);
      assertThatThrownBy(() -> counting.run("x", () -> failing(99, busy(-1))))
          .isInstanceOf(TransientSharingException.class);
      assertThat(calls).hasValue(4);
    }

    calls.set(0);
    long start = System.nanoTime();
    RetryPolicy limited =
        policy("numRetries", "3", "maxOutageDuration", "150ms").outlastingOutages();
    assertThatThrownBy(() -> limited.run("x", () -> failing(9_999, busy(20))))
        .isInstanceOf(TransientSharingException.class);
    assertThat(calls.get()).isBetween(5, 9);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(149));
  }

  @Test
  void whatIsNoOutageIsCounted() {
    for (TransientSharingException failure :
        List.of(
            new TransientSharingException("defect", 500, "", "", -1),
            new TransientSharingException("cut off", null))) {
      calls.set(0);
      assertThatThrownBy(() -> policy().outlastingOutages().run("x", () -> failing(99, failure)))
          .isSameAs(failure);
      assertThat(calls).hasValue(4);
    }
    calls.set(0);
    TransientSharingException unconnected = new TransientSharingException("refused", true, null);
    RetryPolicy policy = policy().outlastingOutages();
    assertThatThrownBy(() -> policy.run("x", () -> failing(99, unconnected))).isSameAs(unconnected);
    assertThat(calls).as("a host that never responded").hasValue(4);
    policy.run("x", () -> "done");
    calls.set(0);
    policy.run("x", () -> failing(9, unconnected));
    assertThat(calls).as("one that did").hasValue(10);
  }

  @Test
  void noRetryStartsAfterTheTimeBudget() {
    assertThatThrownBy(
            () ->
                policy("numRetries", "1000", "maxRetryDuration", "100ms")
                    .run("x", () -> failing(9999, busy(30))))
        .isInstanceOf(TransientSharingException.class);
    assertThat(calls.get()).isBetween(2, 5);
  }

  @Test
  void aTimeThatOverflowsIsNotWaited() {
    for (long millis : new long[] {Long.MAX_VALUE, Long.MAX_VALUE / 1_000, 18_446_744_073_709L}) {
      calls.set(0);
      assertThatThrownBy(() -> policy().run("x", () -> failing(99, busy(millis))))
          .isInstanceOf(TransientSharingException.class);
      assertThat(calls).as("%s ms", millis).hasValue(1);
    }
  }

  @Test
  void otherFailuresAreThrownAtOnce() {
    assertThatThrownBy(() -> policy().run("x", () -> failing(99, new SharingException("for good"))))
        .hasMessage("for good");
    assertThat(calls).hasValue(1);
  }

  @Test
  void anInterruptEndsTheWaitForARetryAndIsKept() {
    assertThatThrownBy(
            () ->
                policy()
                    .run(
                        "reading x",
                        () -> {
                          Thread.currentThread().interrupt();
                          return failing(99, busy(300_000));
                        }))
        .isExactlyInstanceOf(SharingException.class)
        .hasMessage("Reading x was interrupted.");
    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    assertThat(calls).hasValue(1);
  }
}
