/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import java.time.Duration;

/**
 * How far a client is behind the least rate at which it has to take a response. Time in which the
 * response waits for the client adds to the lag, bytes that it took reduce it, never below zero:
 * the megabytes that the network buffers at the start do not allow for an hour without a read. Used
 * by one thread at a time but for {@link #isTooLong}.
 */
public final class Backlog {
  private final double nanosPerByte;
  private final long graceNanos;
  private volatile long lagNanos;
  private volatile long pendingNanos;
  private volatile long blockedSince;

  public Backlog(long bytesPerSecond, Duration grace) {
    this.nanosPerByte = 1e9 / bytesPerSecond;
    this.graceNanos = grace.toNanos();
  }

  /** A part of the response is handed to the network. */
  void writing(long now, long bytes) {
    pendingNanos = (long) (bytes * nanosPerByte);
    blockedSince = now == 0 ? 1 : now;
  }

  /** The network took it. */
  void written(long now) {
    lagNanos = Math.max(0, lagNanos + now - blockedSince - pendingNanos);
    blockedSince = 0;
  }

  /** Whether the connection is to be closed. */
  boolean isTooLong(long now) {
    long since = blockedSince;
    return since != 0 && lagNanos + now - since - pendingNanos > graceNanos;
  }
}
