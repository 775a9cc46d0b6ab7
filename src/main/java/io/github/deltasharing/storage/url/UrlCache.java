/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.storage.ExecutorResources;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.SharedFile;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The refreshed URLs of this JVM's tasks, so that splits of one file are refreshed once: the last
 * ones used, up to a bound. Thread-safe; no lock is held during a request to the driver.
 */
final class UrlCache {
  /** URLs take up to a kilobyte or two. */
  private static final int MOST_FILES = 4_096;

  private final LongSupplier clock;
  private final Map<Key, CountDownLatch> running = new HashMap<>();
  private final Map<Key, RefreshedUrls> kept;

  private record Key(String scan, String file) {}

  UrlCache(int mostFiles, LongSupplier clock) {
    this.clock = clock;
    this.kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, RefreshedUrls> eldest) {
            return size() > mostFiles;
          }
        };
  }

  /** The cache of this JVM. */
  static UrlCache shared() {
    return ExecutorResources.shared(
        UrlCache.class, () -> new UrlCache(MOST_FILES, DriverClock.shared()::now));
  }

  /**
   * Newer URLs than those of {@code generation}, from another task or from the driver.
   *
   * @param refreshAt when those are due, or {@link UrlRefresher#REFUSED}
   * @param stats where requests to the driver are counted
   * @return null where they turn out not to be due
   */
  RefreshedUrls refresh(
      UrlRefresher refresher, SharedFile file, long generation, long refreshAt, IoStats stats) {
    Key key = new Key(refresher.scan(), file.key());
    while (true) {
      if (clock.getAsLong() < refreshAt) {
        // The driver's response to another task set the clock.
        return null;
      }
      long newest = generation;
      CountDownLatch others;
      synchronized (this) {
        RefreshedUrls known = kept.get(key);
        if (known != null && known.generation() > generation) {
          if (!known.isDue(clock.getAsLong())) {
            return known.reused();
          }
          newest = known.generation();
        }
        others = running.get(key);
        if (others == null) {
          running.put(key, new CountDownLatch(1));
        }
      }
      if (others == null) {
        stats.urlRefresh();
        // Newer ones than those that are due are due as well.
        long after = newest;
        return fromDriver(key, () -> refresher.refresh(file, after, refreshAt));
      }
      // What another task gets is looked for in the cache; its failure need not be this one's.
      await(others, file);
    }
  }

  private RefreshedUrls fromDriver(Key key, Supplier<RefreshedUrls> driver) {
    RefreshedUrls urls = null;
    try {
      urls = driver.get();
      return urls;
    } finally {
      synchronized (this) {
        if (urls != null) {
          kept.put(key, urls);
        }
        running.remove(key).countDown();
      }
    }
  }

  private static void await(CountDownLatch others, SharedFile file) {
    try {
      others.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SharingErrors.interrupted("waiting for a URL of " + file.table());
    }
  }
}
