/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import io.github.deltasharing.storage.ExecutorResources;
import java.util.function.LongSupplier;

/**
 * The driver's time, as far as an executor knows it: its own, until the driver's first response.
 * When URLs are to be refreshed is planned by the driver's clock; an executor whose clock is an
 * hour ahead would take every URL for expired. Runs on by the machine's steady clock. Thread-safe.
 */
public final class DriverClock {
  private final LongSupplier steady;
  private volatile long ahead;

  /**
   * @param wall epoch milliseconds
   * @param steady milliseconds since whenever
   */
  DriverClock(LongSupplier wall, LongSupplier steady) {
    this.steady = steady;
    this.ahead = wall.getAsLong() - steady.getAsLong();
  }

  /** The clock of this JVM. */
  public static DriverClock shared() {
    return ExecutorResources.shared(
        DriverClock.class,
        () -> new DriverClock(System::currentTimeMillis, () -> System.nanoTime() / 1_000_000));
  }

  /** Epoch milliseconds. */
  long now() {
    return steady.getAsLong() + ahead;
  }

  /** Sets it to what the driver's clock just was. */
  public void set(long now) {
    ahead = now - steady.getAsLong();
  }
}
