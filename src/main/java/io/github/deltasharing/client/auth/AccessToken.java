/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import io.github.deltasharing.cache.Expiring;
import java.time.Instant;

/**
 * A token that a credential was exchanged for. A secret; driver only; immutable.
 *
 * @param value what requests are signed in with
 * @param obtained when it was requested, by this machine's clock
 * @param expires when it expires, by the same clock
 */
record AccessToken(String value, Instant obtained, Instant expires) implements Expiring {
  /** Equal for the same token. */
  @Override
  public boolean equals(Object o) {
    return o instanceof AccessToken that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "AccessToken[expires=" + expires + "]";
  }
}
