/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

/** How long reading a file has been in trouble: steps at the same time count once. Thread-safe. */
final class RetryTime {
  private long nanos;
  private long until = Long.MIN_VALUE;

  /**
   * Adds a step of reading that ends now.
   *
   * @param start as {@link System#nanoTime}
   */
  synchronized void add(long start) {
    long now = System.nanoTime();
    nanos += now - (until == Long.MIN_VALUE ? start : Math.max(start, until));
    until = now;
  }

  synchronized long nanos() {
    return nanos;
  }
}
