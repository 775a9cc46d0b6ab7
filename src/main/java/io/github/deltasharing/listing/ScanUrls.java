/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.storage.url.RefreshedUrls;
import io.github.deltasharing.storage.url.UrlRefresher;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest URLs of a scan's files. Requests that come while the files are being listed get that
 * listing; those that know an older listing than the newest get the newest at once. Driver only;
 * thread-safe; no lock is held while files are listed.
 */
public final class ScanUrls {
  private static final Logger LOG = LoggerFactory.getLogger(ScanUrls.class);

  /** Between one listing and the next, where no store refused its URLs. */
  private static final long LEAST_PAUSE_MILLIS = 1_000;

  private static final int MOST_RUNS = 100;

  private final String id = UUID.randomUUID().toString();
  private final ListingRefresh listing;
  private final Duration assumedLife;
  private final Executor threads;
  private final LongSupplier clock;
  private ListedUrls listed = new ListedUrls();
  private long listedAt;
  private CompletableFuture<ListedUrls> running;

  /** By the run of the query; a DataFrame may run several times at once. */
  private final Map<Long, CompletableFuture<Void>> confirmations =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, CompletableFuture<Void>> eldest) {
          return size() > MOST_RUNS;
        }
      };

  /**
   * @param assumedLife of URLs whose expiry the server does not send
   */
  public ScanUrls(ListingRefresh listing, Duration assumedLife) {
    this(listing, assumedLife, DriverResources.refreshes(), System::currentTimeMillis);
  }

  /**
   * @param assumedLife of URLs whose expiry the server does not send
   * @param threads run the requests
   * @param clock epoch milliseconds
   */
  ScanUrls(ListingRefresh listing, Duration assumedLife, Executor threads, LongSupplier clock) {
    this.listing = listing;
    this.assumedLife = assumedLife;
    this.threads = threads;
    this.clock = clock;
  }

  /** What executors call the scan. */
  public String id() {
    return id;
  }

  /**
   * Newer URLs of a file. Does not block.
   *
   * @param known the generation of the newest that the executor knows
   * @param refreshAt when those are due, or {@link UrlRefresher#REFUSED}
   * @return gives null for those that the executor knows, which are to be kept; completes
   *     exceptionally with a {@link io.github.deltasharing.error.SharingException} if there are
   *     none
   */
  synchronized CompletableFuture<RefreshedUrls> refresh(String fileId, long known, long refreshAt) {
    if (refreshAt != UrlRefresher.REFUSED) {
      boolean newest = known == listed.generation();
      if (clock.getAsLong() < refreshAt || newest && isNew()) {
        return CompletableFuture.completedFuture(null);
      }
      if (isNew() && listed.of(fileId) != null && !listed.isAmbiguous(fileId)) {
        return CompletableFuture.completedFuture(listed.of(fileId).reused());
      }
    }
    if (known < listed.generation()) {
      ListedUrls all = listed;
      RefreshedUrls urls = all.of(fileId);
      if (urls == null || clock.getAsLong() < urls.refreshAt()) {
        return CompletableFuture.supplyAsync(() -> of(fileId, all).reused(), Runnable::run);
      }
    }
    if (running == null) {
      running = CompletableFuture.supplyAsync(this::list, threads);
    }
    return running.thenApply(all -> of(fileId, all));
  }

  /** Whether the newest listing is not old enough for another, however soon its URLs are due. */
  private boolean isNew() {
    return listed.generation() > 0 && clock.getAsLong() < listedAt + LEAST_PAUSE_MILLIS;
  }

  /** The time by which URLs are due. */
  long now() {
    return clock.getAsLong();
  }

  /**
   * Whether the table is still the one that was planned, for a later run of the plan. Does not
   * block; one request to the server a run.
   *
   * @param execution names the run
   * @return completes exceptionally if it is not
   */
  synchronized CompletableFuture<Void> confirm(long execution) {
    CompletableFuture<Void> known = confirmations.get(execution);
    if (known == null || known.isCompletedExceptionally()) {
      known = CompletableFuture.runAsync(listing::confirm, threads);
      confirmations.put(execution, known);
    }
    return known;
  }

  private RefreshedUrls of(String fileId, ListedUrls all) {
    if (all.isAmbiguous(fileId)) {
      throw FileErrors.urlOfSeveral(listing.toString(), fileId);
    }
    RefreshedUrls urls = all.of(fileId);
    if (urls == null) {
      throw FileErrors.urlsNotRefreshed(
          listing.toString(), "the server does not list file " + fileId + " any more", null);
    }
    return urls;
  }

  private ListedUrls list() {
    try {
      long start = clock.getAsLong();
      QueryResult result = listing.refresh();
      LOG.info(
          "{}: URLs of {} files refreshed in {} ms",
          listing,
          result.files().size(),
          clock.getAsLong() - start);
      return keep(result, new UrlLifetime(start, assumedLife, result.urlExpiration()));
    } catch (SharingException e) {
      // One line, however many executors get it.
      LOG.warn("{}", e.getMessage());
      throw e;
    } catch (RuntimeException e) {
      LOG.error("{} failed", this, e);
      throw e;
    } finally {
      synchronized (this) {
        running = null;
      }
    }
  }

  private synchronized ListedUrls keep(QueryResult result, UrlLifetime life) {
    listed = new ListedUrls(result.files(), life, listed);
    listedAt = clock.getAsLong();
    return listed;
  }

  @Override
  public String toString() {
    return "ScanUrls[" + listing + "]";
  }
}
