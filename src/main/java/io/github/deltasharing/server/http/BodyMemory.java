/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the bytes of long request bodies in memory, and how many bodies each client sends at once.
 * Safe for use by several threads.
 */
public final class BodyMemory {
  private final long limit;
  private final int perClient;
  private final AtomicLong reserved = new AtomicLong();
  private final ConcurrentMap<String, Integer> coming = new ConcurrentHashMap<>();

  public BodyMemory(long limit, int perClient) {
    this.limit = limit;
    this.perClient = perClient;
  }

  /** Whether the client may send one more body at once; it does until {@link #ended}. */
  boolean begin(String client) {
    if (coming.merge(client, 1, Integer::sum) <= perClient) {
      return true;
    }
    ended(client);
    return false;
  }

  void ended(String client) {
    coming.computeIfPresent(client, (name, count) -> count == 1 ? null : count - 1);
  }

  /** Reserves the bytes until they are {@linkplain #give released}; false if they do not fit. */
  boolean take(long bytes) {
    if (reserved.addAndGet(bytes) <= limit) {
      return true;
    }
    reserved.addAndGet(-bytes);
    return false;
  }

  void give(long bytes) {
    reserved.addAndGet(-bytes);
  }
}
