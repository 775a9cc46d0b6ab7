/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import java.time.Duration;
import java.time.Instant;

/**
 * A token that a credential was exchanged for. A secret; driver only; immutable.
 *
 * @param value what requests are signed in with
 * @param obtained when it was requested, by this machine's clock
 * @param expires when it expires, by the same clock
 */
record AccessToken(String value, Instant obtained, Instant expires) {
  /** How much of a token's life may be left when it is replaced ahead: of any, at most. */
  private static final int FRACTION = 5;

  boolean isValid(Instant now) {
    return now.isBefore(expires);
  }

  /** Whether it is to be replaced, though it may still be valid. */
  boolean isDue(Instant now, Duration threshold) {
    Duration share = Duration.between(obtained, expires).dividedBy(FRACTION);
    Duration ahead = threshold.compareTo(share) < 0 ? threshold : share;
    return !now.isBefore(expires.minus(ahead));
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "AccessToken[expires=" + expires + "]";
  }
}
