package io.github.deltasharing.storage;

import io.github.deltasharing.error.SharingErrors;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;

/**
 * The URLs that tasks of this JVM were given, so that splits of one file ask once: the last ones
 * used, up to a bound. Thread-safe; no lock is held while the driver is asked.
 */
final class UrlCache {
  /** URLs take up to a kilobyte or two. */
  private static final int MOST_FILES = 4_096;

  private static final UrlCache SHARED = new UrlCache(MOST_FILES, DriverClock.shared()::now);

  private final LongSupplier clock;
  private final Map<Key, CountDownLatch> asking = new HashMap<>();
  private final Map<Key, RenewedUrls> kept;

  private record Key(String scan, String file) {}

  UrlCache(int mostFiles, LongSupplier clock) {
    this.clock = clock;
    this.kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, RenewedUrls> eldest) {
            return size() > mostFiles;
          }
        };
  }

  /** The cache of this JVM. */
  static UrlCache shared() {
    return SHARED;
  }

  /**
   * Newer URLs than those of {@code generation}, from another task or from the driver.
   *
   * @param stats where it is counted if the driver is asked
   */
  RenewedUrls newer(UrlRefresher refresher, SharedFile file, long generation, IoStats stats) {
    return newer(refresher, file, generation, UrlRefresher.REFUSED, stats);
  }

  /**
   * The same for URLs that no store refused; null where they turn out not to be due.
   *
   * @param renewAt when they are
   */
  RenewedUrls ifDue(
      UrlRefresher refresher, SharedFile file, long generation, long renewAt, IoStats stats) {
    return newer(refresher, file, generation, renewAt, stats);
  }

  private RenewedUrls newer(
      UrlRefresher refresher, SharedFile file, long generation, long renewAt, IoStats stats) {
    Key key = new Key(refresher.scan(), file.key());
    while (true) {
      if (clock.getAsLong() < renewAt) {
        // Another task's ask told what time it is.
        return null;
      }
      long newest = generation;
      CountDownLatch others;
      synchronized (this) {
        RenewedUrls known = kept.get(key);
        if (known != null && known.generation() > generation) {
          if (!known.isDue(clock.getAsLong())) {
            return known.reused();
          }
          newest = known.generation();
        }
        others = asking.get(key);
        if (others == null) {
          asking.put(key, new CountDownLatch(1));
        }
      }
      if (others == null) {
        // Newer ones than those that are due are due as well.
        return ask(refresher, file, newest, renewAt, key, stats);
      }
      // What another task is told is looked for in the cache; its failure need not be this one's.
      await(others, file);
    }
  }

  private RenewedUrls ask(
      UrlRefresher refresher,
      SharedFile file,
      long generation,
      long renewAt,
      Key key,
      IoStats stats) {
    stats.urlRefresh();
    RenewedUrls urls = null;
    try {
      urls =
          renewAt == UrlRefresher.REFUSED
              ? refresher.newer(file, generation)
              : refresher.ifDue(file, generation, renewAt);
      return urls;
    } finally {
      synchronized (this) {
        if (urls != null) {
          kept.put(key, urls);
        }
        asking.remove(key).countDown();
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
