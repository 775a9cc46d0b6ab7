/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that a test moves. Thread-safe. */
public final class MovableClock extends Clock {
  private volatile Instant now;

  /** Starts at the machine's time, with which it may have to agree. */
  public MovableClock() {
    this(Instant.ofEpochMilli(System.currentTimeMillis()));
  }

  public MovableClock(Instant now) {
    this.now = now;
  }

  public synchronized void move(Duration by) {
    now = now.plus(by);
  }

  public void forwardMillis(long by) {
    move(Duration.ofMillis(by));
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
