/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The clock by which streams poll for new versions: monotonous, in milliseconds. Tests turn it on,
 * since the pause between two questions is 10 seconds at least. Thread-safe.
 */
public final class PollingClock {
  private static final LongSupplier REAL = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  private static volatile LongSupplier current = REAL;

  private PollingClock() {}

  static long millis() {
    return current.getAsLong();
  }

  /** For tests: all streams of this JVM go by another clock; null for the real one. */
  public static void set(LongSupplier clock) {
    current = clock == null ? REAL : clock;
  }
}
