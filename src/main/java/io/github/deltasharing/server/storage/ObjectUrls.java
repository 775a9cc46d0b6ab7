/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import java.time.Duration;
import java.time.Instant;

/**
 * Makes signed URLs of the objects of one bucket or container. One implementation for each cloud.
 * Safe for use by several threads.
 */
interface ObjectUrls {
  /**
   * A URL that serves one object until it expires, without any other credential.
   *
   * @param key the object's path in the bucket, decoded, without a slash at its start
   * @param expiry the URL ends then, or before; one that is late lives a second
   */
  PresignedUrl sign(String key, Instant expiry);

  /** How long URLs live that are signed now, in a response that may have begun long ago. */
  static Duration lifetime(Instant now, Instant expiry) {
    Duration left = Duration.between(now, expiry);
    return left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left;
  }
}
