/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of profiles that expire soon, of each once in this JVM. Driver only; thread-safe; bounded.
 */
final class ExpiryWarnings {
  private static final Logger LOG = LoggerFactory.getLogger(ExpiryWarnings.class);

  private static final Duration SOON = Duration.ofDays(7);
  private static final int MOST_ENTRIES = 1000;

  private static final Map<List<Object>, Boolean> WARNED =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Object>, Boolean> eldest) {
          return size() > MOST_ENTRIES;
        }
      };

  private ExpiryWarnings() {}

  /** Warns if a profile that has not expired does so soon. */
  static void warn(String origin, Instant end, Instant now) {
    if (end == null || !end.isBefore(now.plus(SOON))) {
      return;
    }
    synchronized (WARNED) {
      // Credentials of options have one origin, and ends of their own.
      if (WARNED.put(List.of(origin, end), true) != null) {
        return;
      }
    }
    LOG.warn(
        "The profile {} expires at {}. Ask the provider for a new one and put it in its place; it is read again then.",
        origin,
        end);
  }
}
