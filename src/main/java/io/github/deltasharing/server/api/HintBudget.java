/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The time that hints may take. Hints that took longer skip nothing more, and are not evaluated
 * again: a second response to the same query may hold more files than the first, never fewer, so
 * that a request that repeats it for new URLs finds all the files of the first. Safe for use by
 * several threads.
 */
final class HintBudget {
  private static final int REMEMBERED = 1_000;

  private final Duration time;
  private final LongSupplier nanos;
  private final Set<String> tooLong =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > REMEMBERED;
                }
              }));

  HintBudget(Duration time) {
    this(time, System::nanoTime);
  }

  /**
   * As above, by another clock.
   *
   * @param nanos the time, in nanoseconds since any moment
   */
  HintBudget(Duration time, LongSupplier nanos) {
    this.time = time;
    this.nanos = nanos;
  }

  /**
   * The clock of one query's hints.
   *
   * @param hints what is the same for the same hints of the same table
   */
  Clock start(String hints) {
    return new Clock(hints);
  }

  /** Counts the time of one query. Used by one thread. */
  final class Clock {
    private final String hints;
    private long left;
    private long started;

    private Clock(String hints) {
      this.hints = hints;
      this.left = tooLong.contains(hints) ? 0 : time.toNanos();
    }

    /** Whether there is time left. */
    boolean isRunning() {
      return left > 0;
    }

    void start() {
      started = nanos.getAsLong();
    }

    void stop() {
      left -= nanos.getAsLong() - started;
      if (left <= 0) {
        tooLong.add(hints);
      }
    }
  }
}
