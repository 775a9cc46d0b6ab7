/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs at intervals how far a long response has been read. Used by one thread. */
final class ListingProgress {
  private static final Logger LOG = LoggerFactory.getLogger(ListingProgress.class);
  private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

  private final String what;
  private final LongSupplier nanoClock;
  private long files;
  private long next;

  /**
   * @param what is being read, for the log
   */
  ListingProgress(String what, LongSupplier nanoClock) {
    this.what = what;
    this.nanoClock = nanoClock;
    this.next = nanoClock.getAsLong() + INTERVAL_NANOS;
  }

  /**
   * A page begins, or begins again.
   *
   * @param before how many files the pages before it have
   */
  void page(long before) {
    files = before;
  }

  void file() {
    files++;
    long now = nanoClock.getAsLong();
    if (now - next >= 0) {
      next = now + INTERVAL_NANOS;
      LOG.info("{}: {} files listed so far", what, String.format(Locale.ROOT, "%,d", files));
    }
  }
}
