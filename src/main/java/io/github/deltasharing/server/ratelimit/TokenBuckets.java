/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.ratelimit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Token buckets by keys: each has as many tokens as its burst, and gets some more each second. Of
 * many keys those that were used last are remembered; a key that was forgotten has a full bucket.
 * Safe for use by several threads.
 */
final class TokenBuckets {
  private static final double NANOS = 1e9;

  private final Clock clock;
  private final Map<String, Bucket> buckets;
  private double perSecond;
  private double burst;

  /**
   * Buckets without a limit.
   *
   * @param mostKeys that are remembered
   */
  TokenBuckets(int mostKeys, Clock clock) {
    this.clock = clock;
    this.buckets =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > mostKeys;
          }
        };
  }

  private static final class Bucket {
    double tokens;
    Instant filled;

    Bucket(double tokens, Instant filled) {
      this.tokens = tokens;
      this.filled = filled;
    }
  }

  /**
   * Sets the limit, of buckets that are there too.
   *
   * @param rate tokens a second; 0 for no limit
   * @param most tokens of a full bucket, one or more
   */
  synchronized void limit(double rate, double most) {
    perSecond = rate;
    burst = Math.max(1, most);
  }

  /** Takes a token; zero if there was one, else after what time there is. */
  synchronized Duration take(String key) {
    Duration wait = await(key);
    if (wait.isZero() && perSecond > 0) {
      buckets.get(key).tokens -= 1;
    }
    return wait;
  }

  /** Zero if there is a token, else after what time there is. */
  synchronized Duration await(String key) {
    if (perSecond == 0) {
      return Duration.ZERO;
    }
    Instant now = clock.instant();
    Bucket bucket = buckets.computeIfAbsent(key, any -> new Bucket(burst, now));
    Duration since = Duration.between(bucket.filled, now);
    // A clock that was put back counts from there.
    double more = since.isNegative() ? 0 : (since.getSeconds() + since.getNano() / NANOS);
    bucket.tokens = Math.min(burst, bucket.tokens + more * perSecond);
    bucket.filled = now;
    if (bucket.tokens >= 1) {
      return Duration.ZERO;
    }
    return Duration.ofNanos((long) Math.ceil((1 - bucket.tokens) / perSecond * NANOS));
  }

  synchronized int keys() {
    return buckets.size();
  }
}
