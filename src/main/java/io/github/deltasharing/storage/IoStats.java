/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What one task requested of the store, and what of that it needed. Thread-safe. */
public final class IoStats {
  private final LongAdder requests;
  private final LongAdder connections;
  private final LongAdder bytes;
  private final LongAdder fromCache;
  private final LongAdder retries;
  private final LongAdder urlRefreshes;
  private final LongAdder needed;
  private final LongAdder rowGroupsSkipped;
  private final LongAdder waitedNanos = new LongAdder();

  public IoStats() {
    this.requests = new LongAdder();
    this.connections = new LongAdder();
    this.bytes = new LongAdder();
    this.fromCache = new LongAdder();
    this.retries = new LongAdder();
    this.urlRefreshes = new LongAdder();
    this.needed = new LongAdder();
    this.rowGroupsSkipped = new LongAdder();
  }

  private IoStats(IoStats task) {
    this.requests = task.requests;
    this.connections = task.connections;
    this.bytes = task.bytes;
    this.fromCache = task.fromCache;
    this.retries = task.retries;
    this.urlRefreshes = task.urlRefreshes;
    this.needed = task.needed;
    this.rowGroupsSkipped = task.rowGroupsSkipped;
  }

  /**
   * The same sums for threads that are not the task's: what they wait is not waited by the task.
   */
  public IoStats inBackground() {
    return new IoStats(this);
  }

  public void request() {
    requests.increment();
  }

  public void connection() {
    connections.increment();
  }

  public void bytes(long n) {
    bytes.add(n);
  }

  public void fromCache(long n) {
    fromCache.add(n);
  }

  public void retry() {
    retries.increment();
  }

  public void urlRefresh() {
    urlRefreshes.increment();
  }

  public void waited(long nanos) {
    waitedNanos.add(nanos);
  }

  /** Counts bytes without which the wanted rows cannot be had, however they are fetched. */
  public void needed(long n) {
    needed.add(n);
  }

  /** Counts row groups that need not be read. */
  public void skipped(int rowGroups) {
    rowGroupsSkipped.add(rowGroups);
  }

  /** Requests sent, retries among them. */
  public long requests() {
    return requests.sum();
  }

  /** Connections opened and used: other requests went over kept ones. */
  public long connections() {
    return connections.sum();
  }

  /** Body bytes received. */
  public long bytesFetched() {
    return bytes.sum();
  }

  /** Bytes that needed no request: they were in the cache of this JVM. */
  public long bytesFromCache() {
    return fromCache.sum();
  }

  /** Requests sent again after a failure. */
  public long retries() {
    return retries.sum();
  }

  /** How often the driver was sent a request to refresh a URL. */
  public long urlRefreshes() {
    return urlRefreshes.sum();
  }

  /** Bytes that had to be had, fetched or from the cache. */
  public long bytesNeeded() {
    return needed.sum();
  }

  /** Bytes fetched besides; 0 while fetching has not come so far. */
  public long bytesWasted() {
    long besides = bytesFetched() + bytesFromCache() - bytesNeeded();
    return Math.min(bytesFetched(), Math.max(0, besides));
  }

  /** How long the task's thread waited for bytes, pauses before retries among it. */
  public long waitedMillis() {
    return TimeUnit.NANOSECONDS.toMillis(waitedNanos.sum());
  }

  /** Row groups of the task's splits that were not read. */
  public long rowGroupsSkipped() {
    return rowGroupsSkipped.sum();
  }
}
