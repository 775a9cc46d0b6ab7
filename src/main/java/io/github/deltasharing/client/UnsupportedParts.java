/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The optional parts that servers refused, by endpoint and table. Entries expire, because servers
 * are upgraded and a failure may have had another reason. Driver only, one for all clients;
 * thread-safe.
 */
final class UnsupportedParts {
  /** One refused request in this time is no burden. */
  private static final Duration KEPT = Duration.ofMinutes(10);

  private static final int MOST_TABLES = 1_000;

  private static final UnsupportedParts SHARED = new UnsupportedParts(System::nanoTime);

  private final LongSupplier nanoClock;
  private final Map<Key, Map<OptionalPart, Long>> refused =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Map<OptionalPart, Long>> eldest) {
          return size() > MOST_TABLES;
        }
      };

  /** A table of an endpoint. */
  record Key(String endpoint, TableName table) {}

  UnsupportedParts(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  static UnsupportedParts shared() {
    return SHARED;
  }

  /** The parts not to send. */
  synchronized Set<OptionalPart> of(Key key) {
    Set<OptionalPart> parts = EnumSet.noneOf(OptionalPart.class);
    Map<OptionalPart, Long> since = refused.get(key);
    if (since != null) {
      long now = nanoClock.getAsLong();
      since.values().removeIf(at -> now - at > KEPT.toNanos());
      parts.addAll(since.keySet());
    }
    return parts;
  }

  synchronized void add(Key key, Set<OptionalPart> parts) {
    Map<OptionalPart, Long> since =
        refused.computeIfAbsent(key, k -> new EnumMap<>(OptionalPart.class));
    parts.forEach(part -> since.put(part, nanoClock.getAsLong()));
  }

  /** Removes an entry whose refusals had another reason. */
  synchronized void forget(Key key) {
    refused.remove(key);
  }
}
