/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import java.time.Instant;

/**
 * A URL that needs no other credential. Immutable.
 *
 * @param url a secret
 * @param expiry when it ends: not after the requested time, and maybe before
 */
public record PresignedUrl(String url, Instant expiry) {
  /** Without the URL, which is a secret. */
  @Override
  public String toString() {
    return "PresignedUrl[expiry=" + expiry + "]";
  }
}
