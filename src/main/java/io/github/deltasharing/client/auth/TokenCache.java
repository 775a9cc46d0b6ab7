/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import io.github.deltasharing.error.TokenErrors;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of this JVM, by digests of the credentials that they were got with, so that all reads
 * with one credential share a token. A token is replaced ahead of its expiry by one thread, while
 * others go on with it; whoever finds none that is valid waits for the one request on its way.
 * Driver only; thread-safe; bounded.
 */
final class TokenCache {
  private static final Logger LOG = LoggerFactory.getLogger(TokenCache.class);

  private static final int MOST_ENTRIES = 256;

  /** How long a token that could not be replaced ahead is used before that is tried again. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /** That of the JVM. */
  static final TokenCache SHARED = new TokenCache(Clock.systemUTC());

  private final Clock clock;
  private final Map<String, Entry> entries =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Entry> eldest) {
          return size() > MOST_ENTRIES;
        }
      };

  TokenCache(Clock clock) {
    this.clock = clock;
  }

  /** One credential's. All fields are guarded by the entry. */
  private static final class Entry {
    AccessToken token;
    CompletableFuture<AccessToken> onItsWay;
    Instant notBefore = Instant.MIN;
  }

  /**
   * The credential's token, got by {@code exchange} if there is none.
   *
   * @param origin the profile, for messages
   * @param key the credential's digest
   * @param threshold how long before its expiry it is replaced, at most
   * @param exchange gets one, and tries hard; ahead of expiry {@code once} does, in one try
   * @throws RuntimeException as {@code exchange} does
   */
  AccessToken get(
      String origin,
      String key,
      Duration threshold,
      Supplier<AccessToken> exchange,
      Supplier<AccessToken> once) {
    Entry entry;
    synchronized (entries) {
      entry = entries.computeIfAbsent(key, k -> new Entry());
    }
    AccessToken token = null;
    while (token == null) {
      token = get(origin, entry, threshold, exchange, once);
    }
    return token;
  }

  /**
   * The same; null where another thread's exchange ended in a way that says nothing of one's own.
   */
  private AccessToken get(
      String origin,
      Entry entry,
      Duration threshold,
      Supplier<AccessToken> exchange,
      Supplier<AccessToken> once) {
    CompletableFuture<AccessToken> mine = new CompletableFuture<>();
    CompletableFuture<AccessToken> others;
    AccessToken valid;
    synchronized (entry) {
      Instant now = clock.instant();
      valid = entry.token != null && entry.token.isValid(now) ? entry.token : null;
      boolean settled =
          valid != null
              && (!valid.isDue(now, threshold)
                  || entry.onItsWay != null
                  || now.isBefore(entry.notBefore));
      if (settled) {
        return valid;
      }
      others = entry.onItsWay;
      if (others == null) {
        entry.onItsWay = mine;
      }
    }
    return others != null
        ? await(origin, others)
        : exchange(origin, entry, valid, mine, valid == null ? exchange : once);
  }

  private AccessToken exchange(
      String origin,
      Entry entry,
      AccessToken valid,
      CompletableFuture<AccessToken> mine,
      Supplier<AccessToken> exchange) {
    AccessToken token = null;
    RuntimeException failure = null;
    try {
      token = exchange.get();
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      synchronized (entry) {
        entry.onItsWay = null;
        if (token != null) {
          entry.token = token;
        } else {
          entry.notBefore = clock.instant().plus(PAUSE);
        }
      }
      boolean failed = failure != null && valid == null;
      if (token != null) {
        mine.complete(token);
      } else if (failed && !Thread.currentThread().isInterrupted()) {
        mine.completeExceptionally(failure);
      } else {
        // A query that was cancelled, or one try ahead of expiry: whoever waits tries by itself.
        mine.cancel(false);
      }
    }
    if (failure == null) {
      return token;
    }
    if (valid == null) {
      throw failure;
    }
    if (!valid.isValid(clock.instant())) {
      // It expired meanwhile: no longer one try, but all.
      return null;
    }
    LOG.warn(
        "The token for the profile {} cannot be replaced yet, and is used until {}: {}",
        origin,
        valid.expires(),
        failure.getMessage());
    return valid;
  }

  private static AccessToken await(String origin, CompletableFuture<AccessToken> others) {
    try {
      return others.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TokenErrors.interrupted(origin);
    } catch (CancellationException e) {
      return null;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  /** Forgets a token that a server refused, unless another one is there by now. */
  void forget(String key, AccessToken refused) {
    Entry entry;
    synchronized (entries) {
      entry = entries.get(key);
    }
    if (entry != null) {
      synchronized (entry) {
        if (entry.token != null && entry.token.value().equals(refused.value())) {
          entry.token = null;
        }
      }
    }
  }
}
