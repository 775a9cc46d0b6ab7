/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Limits how long a connection's reader waits: a peer that sends a byte now and then keeps each
 * single wait short, so all waits are added up. A head has to come within the timeout and within a
 * bounded number of bytes. A body may take the time that its request grants, and a second more for
 * each kilobyte received. Only time spent waiting is counted, so that a slow reader is not taken
 * for a slow sender. Driver and executors; used by one thread at a time.
 */
final class Pace {
  /** The least rate of a body beyond the grant, bytes a second: below that of any line. */
  static final long LEAST_RATE = 1 << 10;

  /** More than any server's headers, and a buffer of the body behind them. */
  static final long MOST_HEAD_BYTES = 512 << 10;

  private static final long SECOND = 1_000_000_000L;

  private final long timeout;
  private long granted;
  private long most;
  private long waited;
  private long bytes;
  private boolean body;

  /** The sum of the waits is too long, though no single wait is. */
  static final class TooSlow extends SocketTimeoutException {
    private static final long serialVersionUID = 1L;

    TooSlow() {
      super("slower than the least rate");
    }
  }

  /** A head that is longer than the limit. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super("its headers are longer than " + (MOST_HEAD_BYTES >> 10) + " KiB");
    }
  }

  /**
   * @param timeout the longest single wait, and that for a head
   */
  Pace(Duration timeout) {
    this.timeout = Math.max(1_000_000, timeout.toNanos());
    startHead();
  }

  /** Starts the limits of a head. */
  void startHead() {
    start(timeout);
    body = false;
  }

  /**
   * Starts the limits of a body.
   *
   * @param grant the waiting that is allowed at any rate
   */
  void startBody(Duration grant) {
    start(grant.toNanos());
    body = true;
  }

  private void start(long grant) {
    granted = grant;
    most = Long.MAX_VALUE;
    waited = 0;
    bytes = 0;
  }

  /** Limits all waiting to the grant, however many bytes arrive. */
  void bounded() {
    most = Math.min(most, granted);
  }

  /** Limits further waiting to this, however many bytes arrive. */
  void atMost(Duration wait) {
    most = Math.min(most, waited + wait.toNanos());
  }

  /**
   * How long the next wait may be, milliseconds.
   *
   * @throws TooSlow if the limit is reached
   */
  int nextWait() throws TooSlow {
    long allowed = body ? granted + bytes * (SECOND / LEAST_RATE) : granted;
    long left = Math.min(allowed, most) - waited;
    if (left <= 0) {
      throw new TooSlow();
    }
    return (int) Math.min(Integer.MAX_VALUE, Math.min(left, timeout) / 1_000_000 + 1);
  }

  void waited(long nanos, int read) throws TooLong {
    waited += nanos;
    bytes += Math.max(0, read);
    if (!body && bytes > MOST_HEAD_BYTES) {
      throw new TooLong();
    }
  }

  /** Why reading the body is aborted. */
  SlowException slow() {
    return new SlowException(
        waited >= most
            ? "the response did not come to its end within " + most / 1_000_000 / 1000.0 + " s"
            : "the response came more slowly than " + LEAST_RATE + " bytes a second",
        waited);
  }
}
