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
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retries calls that fail with a {@link TransientSharingException}, within a number of retries and
 * a time, with exponential backoff and jitter, no sooner than the server's Retry-After, and within
 * the {@link RetryBudget} that all tasks of the JVM share for a host. Driver and executors;
 * immutable.
 */
public final class RetryPolicy {
  private static final Logger LOG = LoggerFactory.getLogger(RetryPolicy.class);

  private static final long MILLI = 1_000_000;

  /** A server may say any number: a century, in nanoseconds, is none that overflows. */
  private static final long LONGEST_RETRY_AFTER_MILLIS = TimeUnit.DAYS.toMillis(36_500);

  private static final long LONGEST_PAUSE_MILLIS = 60_000;

  /** In an outage the budget limits the rate; whoever waits is to see its end soon. */
  private static final long LONGEST_OUTAGE_PAUSE_MILLIS = 10_000;

  private static final long MOST_JITTER_MILLIS = 5_000;

  private final HttpSettings settings;
  private final RetryBudget budget;
  private final boolean outlasting;

  /**
   * @param host that the calls send requests to, with its port: a budget's name
   */
  public RetryPolicy(HttpSettings settings, String host) {
    this(settings, RetryBudget.of(host), false);
  }

  RetryPolicy(HttpSettings settings, RetryBudget budget, boolean outlasting) {
    this.settings = settings;
    this.budget = budget;
    this.outlasting = outlasting;
  }

  /**
   * The same for a peer that is known to be right: while it is unavailable, retries are not
   * counted, for the option {@code maxOutageDuration}.
   */
  public RetryPolicy outlastingOutages() {
    return new RetryPolicy(settings, budget, true);
  }

  /**
   * Calls {@code call} until it succeeds, fails with another exception, or the retries are spent.
   *
   * @param what the operation, for the log: no secrets
   */
  public <T> T run(String what, Supplier<T> call) {
    long start = System.nanoTime();
    long sleep = Math.max(1, settings.retrySleep().toMillis());
    for (int retries = 0; ; retries++) {
      try {
        T result = call.get();
        budget.succeeded(retries > 0);
        return result;
      } catch (TransientSharingException e) {
        long spent = System.nanoTime() - start;
        boolean outage =
            outlasting && isOfOutage(e) && spent < settings.maxOutageDuration().toNanos();
        if (outage) {
          sleep = Math.min(sleep, LONGEST_OUTAGE_PAUSE_MILLIS);
        }
        long least =
            withJitter(Math.min(e.retryAfterMillis().orElse(0), LONGEST_RETRY_AFTER_MILLIS));
        long pause = Math.max(least, jittered(sleep));
        boolean first = budget.failed();
        if (retries >= settings.numRetries() && !outage) {
          throw e;
        }
        long deadline = start + settings.maxRetryDuration().toNanos();
        if (pause * MILLI > deadline - System.nanoTime()) {
          throw e;
        }
        log(first, what, retries + 1, outage, pause, e);
        if (!await(what, pause * MILLI, least * MILLI, deadline)) {
          throw e;
        }
        sleep = Math.min(sleep * 2, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  /** A host that never responded is more likely a wrong one, or behind a firewall, than out. */
  private boolean isOfOutage(TransientSharingException e) {
    return e.isOfOutage() && (e.status() != 0 || budget.hasSucceeded());
  }

  /** One line a retry, no stack: the last failure is thrown whole. A warning for each outage. */
  private void log(
      boolean first, String what, int retry, boolean outage, long pause, RuntimeException e) {
    String limit =
        outage
            ? "for up to " + settings.maxOutageDuration().toSeconds() + " s"
            : "of " + settings.numRetries();
    String line = "{} failed, retry {} {} in {} ms: {}";
    if (first) {
      LOG.warn(line, what, retry, limit, pause, e.getMessage());
    } else {
      LOG.debug(line, what, retry, limit, pause, e.getMessage());
    }
  }

  /**
   * Pauses before one more request than there are reasons for.
   *
   * @return false if there are to be no retries, or no more now
   */
  public boolean pauseForOneMore(String what) {
    if (settings.numRetries() == 0) {
      return false;
    }
    long pause = jittered(Math.max(1, settings.retrySleep().toMillis())) * MILLI;
    return await(what, pause, pause, System.nanoTime() + settings.maxRetryDuration().toNanos());
  }

  private boolean await(String what, long pause, long least, long deadline) {
    try {
      return budget.await(pause, least, deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SharingErrors.interrupted(what);
    }
  }

  private static long jittered(long sleep) {
    return sleep - ThreadLocalRandom.current().nextLong(sleep / 4 + 1);
  }

  /** A server tells all of its clients the same time. */
  private static long withJitter(long retryAfter) {
    return retryAfter
        + ThreadLocalRandom.current().nextLong(Math.min(retryAfter / 4, MOST_JITTER_MILLIS) + 1);
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
