/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * What goes wrong with the requests of one scan, drawn from a seed in the order in which they come.
 * Thread-safe.
 */
public final class RandomFaults {
  /** Shorter than the timeout of any scan. */
  private static final Duration SHORT = Duration.ofMillis(150);

  private static final Duration SLOW = Duration.ofMillis(4);

  private final Random random;
  private final double rate;
  private final Duration tooLong;

  /** Makes a wrong answer of a right one. */
  @FunctionalInterface
  private interface Fault {
    StubAnswer of(StubAnswer right, RandomFaults faults);
  }

  /** Those that come often, then those that cost a scan's time. */
  private static final List<Fault> FAULTS =
      List.of(
          (right, faults) -> StubAnswer.hangUp(),
          (right, faults) -> right.cutAfter(faults.below(right.body().length)),
          (right, faults) -> right.cutAfter(0),
          (right, faults) -> StubAnswer.status(503).withHeader("Retry-After", "0"),
          (right, faults) -> StubAnswer.status(429).withHeader("Retry-After", "0"),
          (right, faults) -> StubAnswer.status(503).withBody("<html>Busy</html>"),
          // As stores refuse a URL that expired.
          (right, faults) -> StubAnswer.status(403),
          (right, faults) -> StubAnswer.status(403).withBody("<Error>ExpiredToken</Error>"),
          (right, faults) -> right.slowly(right.body().length / 20, SLOW),
          (right, faults) -> right.slowly(1 + right.body().length / 2, SHORT));

  /**
   * @param rate what part of the requests goes wrong
   * @param tooLong longer than the scan's timeout
   */
  public RandomFaults(long seed, double rate, Duration tooLong) {
    this.random = new Random(seed);
    this.rate = rate;
    this.tooLong = tooLong;
  }

  /** Whether the next request goes wrong. */
  public synchronized boolean strike() {
    return random.nextDouble() < rate;
  }

  /** A right answer, spoiled. */
  public synchronized StubAnswer spoil(StubAnswer right) {
    if (below(40) == 0) {
      return right.slowly(1 + right.body().length / 2, tooLong);
    }
    return FAULTS.get(below(FAULTS.size())).of(right, this);
  }

  private int below(int bound) {
    return random.nextInt(Math.max(bound, 1));
  }
}
