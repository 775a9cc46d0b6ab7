/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.annotation.PublicApi;
import java.time.Instant;

/**
 * Which version of a table is requested: the latest, one by its number, or the one that was the
 * latest at a time. Immutable.
 *
 * @param version its number, 0 or more, or null
 * @param timestamp a time, or null; never there together with a version
 */
@PublicApi
public record AsOf(Long version, Instant timestamp) {
  private static final AsOf LATEST = new AsOf(null, null);

  public AsOf {
    if (version != null && (version < 0 || timestamp != null)) {
      throw new IllegalArgumentException(
          "a version is 0 or more and has no timestamp with it, but this has version "
              + version
              + " and timestamp "
              + timestamp);
    }
  }

  /** The latest version at the time of the request. */
  public static AsOf latest() {
    return LATEST;
  }

  /** One version. */
  public static AsOf ofVersion(long version) {
    return new AsOf(version, null);
  }

  /** The version that was the latest at a time. */
  public static AsOf ofTimestamp(Instant timestamp) {
    return new AsOf(null, timestamp);
  }

  public boolean isLatest() {
    return equals(LATEST);
  }

  /**
   * The suffix for a table's name in messages: {@code " as of version 3"}; empty for the latest.
   */
  public String suffix() {
    return isLatest() ? "" : " as of " + (version == null ? timestamp : "version " + version);
  }
}
