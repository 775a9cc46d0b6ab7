/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.cache;

import io.github.deltasharing.error.SharingErrors;
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
 * Keeps values until shortly before they expire, by keys. A value is replaced ahead of its expiry
 * by one thread, while others go on with it; whoever finds none that is valid waits for the one
 * request on its way. Failures are not kept. Thread-safe; bounded.
 *
 * @param <V> the values; equal ones are the same
 */
public final class ExpiringCache<V extends Expiring> {
  private static final Logger LOG = LoggerFactory.getLogger(ExpiringCache.class);

  /** How long a value that could not be replaced ahead is used before that is tried again. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Clock clock;
  private final Map<String, Entry<V>> entries;

  /**
   * @param mostEntries beyond that the one that was not used for the longest time is forgotten
   */
  public ExpiringCache(int mostEntries, Clock clock) {
    this.clock = clock;
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Entry<V>> eldest) {
            return size() > mostEntries;
          }
        };
  }

  /** One key's. All fields are guarded by the entry. */
  private static final class Entry<V> {
    V value;
    CompletableFuture<V> onItsWay;
    Instant notBefore = Instant.MIN;
  }

  /**
   * The key's value, got by {@code request} if there is none.
   *
   * @param what is done to get one, for messages: {@code signing in with the profile x}
   * @param threshold how long before its expiry it is replaced, at most
   * @param request gets one, and tries hard; ahead of expiry {@code once} does, in one try
   * @throws RuntimeException as {@code request} does
   */
  public V get(String what, String key, Duration threshold, Supplier<V> request, Supplier<V> once) {
    Entry<V> entry;
    synchronized (entries) {
      entry = entries.computeIfAbsent(key, k -> new Entry<>());
    }
    V value = null;
    while (value == null) {
      value = get(what, entry, threshold, request, once);
    }
    return value;
  }

  /**
   * The same; null where another thread's request ended in a way that says nothing of one's own.
   */
  private V get(
      String what, Entry<V> entry, Duration threshold, Supplier<V> request, Supplier<V> once) {
    CompletableFuture<V> mine = new CompletableFuture<>();
    CompletableFuture<V> others;
    V valid;
    synchronized (entry) {
      Instant now = clock.instant();
      valid = entry.value != null && entry.value.isValid(now) ? entry.value : null;
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
        ? await(what, others)
        : replace(what, entry, valid, mine, valid == null ? request : once);
  }

  private V replace(
      String what, Entry<V> entry, V valid, CompletableFuture<V> mine, Supplier<V> request) {
    V value = null;
    RuntimeException failure = null;
    try {
      value = request.get();
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      synchronized (entry) {
        entry.onItsWay = null;
        if (value != null) {
          entry.value = value;
        } else {
          entry.notBefore = clock.instant().plus(PAUSE);
        }
      }
      boolean failed = failure != null && valid == null;
      if (value != null) {
        mine.complete(value);
      } else if (failed && !Thread.currentThread().isInterrupted()) {
        mine.completeExceptionally(failure);
      } else {
        // A query that was cancelled, or one try ahead of expiry: whoever waits tries by itself.
        mine.cancel(false);
      }
    }
    if (failure == null) {
      return value;
    }
    if (valid == null) {
      throw failure;
    }
    if (!valid.isValid(clock.instant())) {
      // It expired meanwhile: no longer one try, but all.
      return null;
    }
    LOG.warn(
        "There is no other one yet by {}; the one at hand is used until {}: {}",
        what,
        valid.expires(),
        failure.getMessage());
    return valid;
  }

  private V await(String what, CompletableFuture<V> others) {
    try {
      return others.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SharingErrors.interrupted(what);
    } catch (CancellationException e) {
      return null;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  /** Forgets a value that somebody refused, unless another one is there by now. */
  public void forget(String key, V refused) {
    Entry<V> entry;
    synchronized (entries) {
      entry = entries.get(key);
    }
    if (entry != null) {
      synchronized (entry) {
        if (refused.equals(entry.value)) {
          entry.value = null;
        }
      }
    }
  }
}
