/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's latest version, polled not more often than once in an interval, and not any more
 * once it is frozen. Used by the stream's thread; what metrics read is visible to all.
 */
final class VersionPolling {
  private static final Logger LOG = LoggerFactory.getLogger(VersionPolling.class);

  private final LongSupplier server;
  private final Duration interval;
  private volatile long version = -1;
  private volatile long polledAt;
  private boolean frozen;

  /**
   * @param server sends the request
   */
  VersionPolling(LongSupplier server, Duration interval) {
    this.server = server;
    this.interval = interval;
  }

  /** The latest version as far as known. */
  long latest() {
    long now = PollingClock.millis();
    if (version < 0 || (!frozen && now - polledAt >= interval.toMillis())) {
      long answer = server.getAsLong();
      polledAt = now;
      if (answer < version) {
        LOG.warn("The server's latest version went from {} back to {}", version, answer);
      }
      version = answer;
    }
    return version;
  }

  /** Polls now, and never again. */
  void freeze() {
    latest();
    frozen = true;
  }

  /** The latest version known; −1 before the first request. */
  long known() {
    return version;
  }

  /** How long ago the server was polled, in milliseconds. */
  long age() {
    return PollingClock.millis() - polledAt;
  }
}
