package io.github.deltasharing.storage;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The URL of one file, or of its deletion vector, while it is read: another one when it is about to
 * expire, and when the store refuses it. Thread-safe; no lock is held while another is asked for.
 */
final class LiveUrl {
  private static final Logger LOG = LoggerFactory.getLogger(LiveUrl.class);

  private static final long KEEP_MILLIS = 1_000;

  private final SharedFile dataFile;
  private final boolean deletions;
  private final UrlRefresher refresher;
  private final UrlCache cache;
  private final IoStats stats;
  private final LongSupplier clock;
  private Held held;
  private long failedAhead = -1;

  /** The URL was held against the driver's clock, which is not asked again before. */
  private long keptUntil = Long.MIN_VALUE;

  /**
   * A URL as it was when it was asked for.
   *
   * @param fresh as in {@link RenewedUrls}
   */
  record Held(SignedUrl url, long renewAt, long generation, boolean fresh) {}

  private LiveUrl(
      SharedFile opened,
      SharedFile dataFile,
      boolean deletions,
      UrlRefresher refresher,
      UrlCache cache,
      IoStats stats,
      LongSupplier clock) {
    this.dataFile = dataFile;
    this.deletions = deletions;
    this.refresher = refresher;
    this.cache = cache;
    this.stats = stats;
    this.clock = clock;
    this.held = new Held(opened.url(), opened.renewAt(), 0, false);
  }

  /**
   * Of a data file.
   *
   * @param refresher null where no other can be had
   */
  static LiveUrl ofData(SharedFile file, UrlRefresher refresher, IoStats stats) {
    return ofData(file, refresher, UrlCache.shared(), stats, DriverClock.shared()::now);
  }

  static LiveUrl ofData(
      SharedFile file, UrlRefresher refresher, UrlCache cache, IoStats stats, LongSupplier clock) {
    return new LiveUrl(file, file, false, refresher, cache, stats, clock);
  }

  /** Of a data file's deletion vector, which is asked for by the data file. */
  static LiveUrl ofDeletions(
      SharedFile file, SharedFile dataFile, UrlRefresher refresher, IoStats stats) {
    return new LiveUrl(
        file, dataFile, true, refresher, UrlCache.shared(), stats, DriverClock.shared()::now);
  }

  /**
   * The URL for a request. One that is about to expire is exchanged first; where that fails, it is
   * tried as long as it lives.
   */
  Held current() {
    Held now;
    synchronized (this) {
      now = held;
      long time = clock.getAsLong();
      boolean due = time >= now.renewAt() && time >= keptUntil;
      if (refresher == null || !due || failedAhead >= now.generation()) {
        return now;
      }
    }
    try {
      Held renewed = renew(now, false);
      return renewed == null ? kept(now) : renewed;
    } catch (SharingException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      LOG.warn(
          "File {} of {} is read with a URL that is about to expire: {}",
          dataFile.id(),
          dataFile.table(),
          e.getMessage());
      synchronized (this) {
        failedAhead = now.generation();
      }
      return now;
    }
  }

  /** Another URL than one that the store refused; null where no better one can be had. */
  Held insteadOf(Held refused) {
    return refresher == null ? null : renew(refused, true);
  }

  private synchronized Held kept(Held now) {
    keptUntil = clock.getAsLong() + KEEP_MILLIS;
    return now;
  }

  private Held renew(Held old, boolean refused) {
    synchronized (this) {
      if (held.generation() > old.generation()) {
        return new Held(held.url(), held.renewAt(), held.generation(), false);
      }
    }
    RenewedUrls urls =
        refused
            ? cache.newer(refresher, dataFile, old.generation(), stats)
            : cache.ifDue(refresher, dataFile, old.generation(), old.renewAt(), stats);
    if (urls == null) {
      return null;
    }
    SignedUrl url = deletions ? urls.deletions() : urls.file();
    if (url == null) {
      throw FileErrors.urlsNotRenewed(
          dataFile.table(),
          "the server lists file " + dataFile.id() + " without its deletion vector",
          null);
    }
    Held renewed = new Held(url, urls.renewAt(), urls.generation(), urls.fresh());
    synchronized (this) {
      if (renewed.generation() > held.generation()) {
        held = renewed;
      }
    }
    return renewed;
  }
}
