/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The retries that all tasks of this JVM may send to one host, so that many of them do not make its
 * outage worse: a token bucket, filled by time and by requests that succeed. An empty bucket makes
 * retries wait, not fail. Knows when the host is out, for one line in the log, and wakes those that
 * wait when it responds again. Driver and executors; thread-safe; a request that succeeds while all
 * is well costs two reads of volatile fields.
 */
final class RetryBudget {
  private static final Logger LOG = LoggerFactory.getLogger(RetryBudget.class);

  /** How many retries a second a host gets from this JVM for as long as it does not respond. */
  static final int PER_SECOND = 10;

  /** How many retries a host gets at once after quiet times. */
  static final int BURST = 20;

  /** How many requests that succeed earn a retry. */
  private static final double PER_SUCCESS = 0.1;

  private static final long SECOND = 1_000_000_000L;

  /** Without a failure, before another is worth a warning. */
  private static final long QUIET = 60 * SECOND;

  /** Failures that go on and on are worth another warning after this time. */
  private static final long REMINDER = 600 * SECOND;

  /** A shorter silence is not an outage whose end is worth waking anybody. */
  private static final long LEAST_OUTAGE = SECOND;

  /** Those who are woken come within this time, not at once. */
  private static final long SPREAD = SECOND;

  private static final int MOST_HOSTS = 1_000;

  private static final Map<String, RetryBudget> BUDGETS = new ConcurrentHashMap<>();

  private final String host;
  private final double perSecond;
  private final double burst;
  private final LongSupplier clock;

  /** Whether a success changes anything: the bucket is not full, or the host is out. */
  private volatile boolean attentive;

  private volatile boolean everSucceeded;

  private double tokens;
  private long filledAt;
  private boolean out;
  private long outSince;
  private long failedAt;
  private long warnedAt;
  private int recoveries;
  private int retries;

  /**
   * @param clock as {@link System#nanoTime}
   */
  RetryBudget(String host, int perSecond, int burst, LongSupplier clock) {
    this.host = host;
    this.perSecond = perSecond;
    this.burst = burst;
    this.clock = clock;
    this.tokens = burst;
    this.filledAt = clock.getAsLong();
    this.failedAt = filledAt - QUIET;
  }

  /** The JVM's budget for a host. */
  static RetryBudget of(String host) {
    RetryBudget known = BUDGETS.get(host);
    if (known != null) {
      return known;
    }
    if (BUDGETS.size() >= MOST_HOSTS) {
      BUDGETS.values().removeIf(RetryBudget::isIdle);
    }
    return BUDGETS.computeIfAbsent(
        host, name -> new RetryBudget(name, PER_SECOND, BURST, System::nanoTime));
  }

  /** Whether it is as good as a new one: full, or of a host that nobody tries any more. */
  boolean isIdle() {
    return !attentive || hasBeenQuiet();
  }

  private synchronized boolean hasBeenQuiet() {
    return clock.getAsLong() - failedAt >= REMINDER;
  }

  /**
   * Counts a request that succeeded.
   *
   * @param retried whether it took a retry, whose token comes back
   */
  void succeeded(boolean retried) {
    if (!everSucceeded) {
      everSucceeded = true;
    }
    if (attentive) {
      earn(retried ? 1 : PER_SUCCESS);
    }
  }

  /** Whether a request of this JVM to the host succeeded: its name and port are right. */
  boolean hasSucceeded() {
    return everSucceeded;
  }

  private synchronized void earn(double earned) {
    long now = clock.getAsLong();
    fill(now);
    tokens = Math.min(burst, tokens + earned);
    if (out) {
      out = false;
      long outage = now - outSince;
      if (outage >= LEAST_OUTAGE) {
        recoveries++;
        notifyAll();
        LOG.info("{} responds again, after {} s and {} retries", host, outage / SECOND, retries);
      }
    }
    // Whoever waits for a token looks for one by itself, soon.
    attentive = tokens < burst;
  }

  /**
   * Counts a request that failed in a way that may pass.
   *
   * @return whether that is worth a warning: the first in a while
   */
  synchronized boolean failed() {
    long now = clock.getAsLong();
    attentive = true;
    if (!out) {
      out = true;
      outSince = now;
      retries = 0;
    }
    // One line an outage, however many tasks are in it and however long it takes.
    boolean warn = now - failedAt >= QUIET || now - warnedAt >= REMINDER;
    failedAt = now;
    warnedAt = warn ? now : warnedAt;
    return warn;
  }

  /**
   * Waits for the pause, and then for a retry to be allowed.
   *
   * @param pause nanoseconds; shortened if the host responds to others meanwhile
   * @param least the part of it that is waited at any rate
   * @param deadline by the clock
   * @return false if none is allowed before the deadline
   */
  synchronized boolean await(long pause, long least, long deadline) throws InterruptedException {
    long start = clock.getAsLong();
    int recovery = recoveries;
    long due = start + pause;
    while (true) {
      long now = clock.getAsLong();
      if (recovery != recoveries) {
        recovery = recoveries;
        due = Math.min(due, Math.max(start + least, now + spread()));
      }
      long wait = due - now;
      if (wait <= 0) {
        fill(now);
        if (tokens >= 1) {
          tokens--;
          retries++;
          attentive = true;
          return true;
        }
        wait = (long) ((1 - tokens) / perSecond * SECOND) + 1;
      }
      if (wait > deadline - now) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(wait, 1_000_000));
    }
  }

  private static long spread() {
    return ThreadLocalRandom.current().nextLong(SPREAD);
  }

  private void fill(long now) {
    tokens = Math.min(burst, tokens + (now - filledAt) * perSecond / SECOND);
    filledAt = now;
  }
}
