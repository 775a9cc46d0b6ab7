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
    String result = new RetryPolicy(settings()).run("x", () -> failing(2, busy(60)));
    assertThat(result).isEqualTo("done");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(120));
    assertThat(calls).hasValue(3);
  }

  @Test
  void theLastFailureIsThrownWhenTheNumberIsSpent() {
    TransientSharingException failure = busy(-1);
    assertThatThrownBy(
            () -> new RetryPolicy(settings("numRetries", "4")).run("x", () -> failing(99, failure)))
        .isSameAs(failure);
    assertThat(calls).hasValue(5);
  }

  @Test
  void noRetryStartsAfterTheTimeBudget() {
    assertThatThrownBy(
            () ->
                new RetryPolicy(settings("numRetries", "1000", "maxRetryDuration", "100ms"))
                    .run("x", () -> failing(9999, busy(30))))
        .isInstanceOf(TransientSharingException.class);
    assertThat(calls.get()).isBetween(2, 5);
  }

  @Test
  void otherFailuresAreThrownAtOnce() {
    assertThatThrownBy(
            () ->
                new RetryPolicy(settings())
                    .run("x", () -> failing(99, new SharingException("for good"))))
        .hasMessage("for good");
    assertThat(calls).hasValue(1);
  }

  @Test
  void anInterruptEndsTheWaitForARetryAndIsKept() {
    assertThatThrownBy(
            () ->
                new RetryPolicy(settings())
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
