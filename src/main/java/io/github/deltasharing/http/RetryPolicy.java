/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.options.HttpSettings;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retries calls that fail with a {@link TransientSharingException}, within a number of retries and
 * a time, with exponential backoff and jitter, and no sooner than the server's Retry-After. Driver
 * and executors; immutable.
 */
public final class RetryPolicy {
  private static final Logger LOG = LoggerFactory.getLogger(RetryPolicy.class);

  private final HttpSettings settings;

  public RetryPolicy(HttpSettings settings) {
    this.settings = settings;
  }

  /**
   * Calls {@code call} until it succeeds, fails with another exception, or the budget is spent.
   *
   * @param what the operation, for the log: no secrets
   */
  public <T> T run(String what, Supplier<T> call) {
    long deadline = System.nanoTime() + settings.maxRetryDuration().toNanos();
    long sleep = Math.max(1, settings.retrySleep().toMillis());
    for (int attempt = 0; ; attempt++) {
      try {
        return call.get();
      } catch (TransientSharingException e) {
        long pause = Math.max(e.retryAfterMillis().orElse(0), jittered(sleep));
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (attempt >= settings.numRetries() || pause > left) {
          throw e;
        }
        // One line a retry, no stack: the last failure is thrown whole.
        LOG.warn(
            "{} failed, retry {} of {} in {} ms: {}",
            what,
            attempt + 1,
            settings.numRetries(),
            pause,
            e.getMessage());
        pause(what, pause);
        sleep = Math.min(sleep * 2, 60_000);
      }
    }
  }

  private static long jittered(long sleep) {
    return sleep - ThreadLocalRandom.current().nextLong(sleep / 4 + 1);
  }

  /** Sleeps; an interrupt ends it with an error that names the operation. */
  public static void pause(String what, long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SharingErrors.interrupted(what);
    }
  }
}
