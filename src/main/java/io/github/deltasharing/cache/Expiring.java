/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.cache;

import java.time.Duration;
import java.time.Instant;

/** A value that is valid for some time. Immutable. */
public interface Expiring {
  /** How much of a value's life may be left when it is replaced ahead: of any, at most. */
  int FRACTION = 5;

  /** When it was requested, by this machine's clock. */
  Instant obtained();

  /** When it expires, by the same clock. */
  Instant expires();

  default boolean isValid(Instant now) {
    return now.isBefore(expires());
  }

  /**
   * Whether it is to be replaced, though it may still be valid.
   *
   * @param threshold how long before its end, at most
   */
  default boolean isDue(Instant now, Duration threshold) {
    Duration share = Duration.between(obtained(), expires()).dividedBy(FRACTION);
    Duration ahead = threshold.compareTo(share) < 0 ? threshold : share;
    return !now.isBefore(expires().minus(ahead));
  }
}
