/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.SharedFile;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The URL of one file while it is read: a newer one when it is about to expire, and when the store
 * refuses it. Thread-safe; no lock is held while it is refreshed.
 */
final class RefreshableUrl {
  private static final Logger LOG = LoggerFactory.getLogger(RefreshableUrl.class);

  private static final long KEEP_MILLIS = 1_000;

  private final SharedFile file;
  private final UrlRefresher refresher;
  private final UrlCache cache;
  private final IoStats stats;
  private final LongSupplier clock;
  private RefreshedUrls newest;
  private long failedAhead = -1;

  /** The URL is not due by the driver's clock, which is not consulted again before. */
  private long keptUntil = Long.MIN_VALUE;

  /**
   * @param refresher null where no other URL can be had
   */
  RefreshableUrl(SharedFile file, UrlRefresher refresher, IoStats stats) {
    this(file, refresher, UrlCache.shared(), stats, DriverClock.shared()::now);
  }

  RefreshableUrl(
      SharedFile file, UrlRefresher refresher, UrlCache cache, IoStats stats, LongSupplier clock) {
    this.file = file;
    this.refresher = refresher;
    this.cache = cache;
    this.stats = stats;
    this.clock = clock;
    this.newest = RefreshedUrls.planned(file);
  }

  /**
   * The URLs for a request. Those that are about to expire are refreshed first; where that fails,
   * they are used as long as they live.
   */
  RefreshedUrls current() {
    RefreshedUrls now;
    synchronized (this) {
      now = newest;
      long time = clock.getAsLong();
      boolean due = now.isDue(time) && time >= keptUntil;
      if (refresher == null || !due || failedAhead >= now.generation()) {
        return now;
      }
    }
    try {
      RefreshedUrls refreshed = refresh(now, now.refreshAt());
      return refreshed == null ? kept(now) : refreshed;
    } catch (SharingException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      LOG.warn(
          "File {} of {} is read with a URL that is about to expire: {}",
          file.dataId(),
          file.table(),
          e.getMessage());
      synchronized (this) {
        failedAhead = now.generation();
      }
      return now;
    }
  }

  /** Whether the URLs have not expired, nor are about to. */
  boolean isValid(RefreshedUrls urls) {
    return !urls.isDue(clock.getAsLong());
  }

  /** Others than those that the store refused; null where no better ones can be had. */
  RefreshedUrls insteadOf(RefreshedUrls refused) {
    return refresher == null ? null : refresh(refused, UrlRefresher.REFUSED);
  }

  private synchronized RefreshedUrls kept(RefreshedUrls now) {
    keptUntil = clock.getAsLong() + KEEP_MILLIS;
    return now;
  }

  private RefreshedUrls refresh(RefreshedUrls old, long refreshAt) {
    synchronized (this) {
      if (newest.generation() > old.generation()) {
        return newest.reused();
      }
    }
    RefreshedUrls urls = cache.refresh(refresher, file, old.generation(), refreshAt, stats);
    if (urls == null) {
      return null;
    }
    if (urls.of(file) == null) {
      throw FileErrors.urlsNotRefreshed(
          file.table(),
          "the server lists file " + file.dataId() + " without its deletion vector",
          null);
    }
    synchronized (this) {
      if (urls.generation() > newest.generation()) {
        newest = urls;
      }
    }
    return urls;
  }
}
