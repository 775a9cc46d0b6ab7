/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.ui;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Slows those down who try tokens: who was refused some times waits, each time twice as long; and
 * when too many are refused everywhere, everybody waits but those at addresses that somebody signed
 * in from: who has many addresses keeps nobody else out. Of some thousand addresses the latest are
 * kept, in this process. Safe for use by several threads.
 */
final class SignInAttempts {
  private static final int FREE = 4;
  private static final int MOST_ADDRESSES = 10_000;
  private static final int MOST_A_MINUTE = 300;
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final Duration FORGOTTEN = Duration.ofHours(1);

  private final Map<String, Refusals> refused = latest();

  /** Where somebody signed in, and when last. */
  private final Map<String, Instant> known = latest();

  private final Clock clock;
  private Instant minute = Instant.EPOCH;
  private int thisMinute;

  SignInAttempts(Clock clock) {
    this.clock = clock;
  }

  private static <T> Map<String, T> latest() {
    return new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
        return size() > MOST_ADDRESSES;
      }
    };
  }

  private record Refusals(int count, Instant last, Instant until) {
    static final Refusals NONE = new Refusals(0, Instant.MIN, Instant.MIN);

    Refusals another(Instant now) {
      int next = count + 1;
      long seconds = next <= FREE ? 0 : 1L << Math.min(next - FREE - 1, 20);
      Duration wait = Duration.ofSeconds(Math.min(seconds, LONGEST.toSeconds()));
      return new Refusals(next, now, now.plus(wait));
    }

    /** The same wait from now on. */
    Refusals from(Instant now) {
      return new Refusals(count, now, now.plus(Duration.between(last, until)));
    }
  }

  /**
   * Begins an attempt, which counts as refused until it is {@link #accepted}: so that many at once
   * are not more than one after the other.
   *
   * @return how long to wait instead; empty if the attempt may be made
   */
  synchronized Optional<Duration> begin(String address) {
    Instant now = clock.instant();
    // A clock that was set back is no reason to wait for longer.
    if (Duration.between(minute, now).abs().compareTo(MINUTE) >= 0) {
      minute = now;
      thisMinute = 0;
    }
    if (thisMinute >= MOST_A_MINUTE && !known.containsKey(address)) {
      return Optional.of(Duration.between(now, minute.plus(MINUTE)));
    }
    Refusals before = refused.getOrDefault(address, Refusals.NONE);
    if (before.count() > 0 && Duration.between(before.last(), now).abs().compareTo(FORGOTTEN) > 0) {
      before = Refusals.NONE;
    }
    if (before.count() > 0 && now.isBefore(before.last())) {
      before = before.from(now);
      refused.put(address, before);
    }
    if (before.count() > 0 && now.isBefore(before.until())) {
      return Optional.of(Duration.between(now, before.until()));
    }
    refused.put(address, before.another(now));
    thisMinute++;
    return Optional.empty();
  }

  /** The token was one: what was refused before counts no more. */
  synchronized void accepted(String address) {
    refused.remove(address);
    known.put(address, clock.instant());
    thisMinute = Math.max(0, thisMinute - 1);
  }

  /** It could not be found out, and counts for nothing. */
  synchronized void undecided(String address) {
    Refusals counted = refused.get(address);
    if (counted != null) {
      refused.put(
          address, new Refusals(Math.max(0, counted.count() - 1), counted.last(), counted.last()));
    }
    thisMinute = Math.max(0, thisMinute - 1);
  }
}
