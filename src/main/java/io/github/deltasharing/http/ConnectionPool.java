/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * LIFO keep-alive pool: surplus connections reach the idle timeout, and are closed. It has no limit
 * of its own: callers limit the number of concurrent requests. Driver and executors; thread-safe;
 * lives as long as its transport.
 */
final class ConnectionPool {
  private final Map<Route, Deque<HttpConnection>> idle = new HashMap<>();
  private final Duration keep;
  private final Duration trusted;
  private final Executor later;
  private boolean sweeping;

  /**
   * @param keep the idle timeout
   * @param trusted how long after its last use a connection is reused without a check
   */
  ConnectionPool(Duration keep, Duration trusted) {
    this.keep = keep;
    this.trusted = trusted;
    this.later = CompletableFuture.delayedExecutor(keep.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A pooled connection of the route that seems open, or null. */
  HttpConnection take(Route route) {
    for (HttpConnection found = poll(route); found != null; found = poll(route)) {
      if (age(found) < trusted.toNanos() || !found.isStale()) {
        return found;
      }
      found.drop();
    }
    return null;
  }

  private synchronized HttpConnection poll(Route route) {
    Deque<HttpConnection> waiting = idle.get(route);
    if (waiting == null) {
      return null;
    }
    HttpConnection found = waiting.pollLast();
    if (waiting.isEmpty()) {
      idle.remove(route);
    }
    return found;
  }

  /** Returns a connection to the pool. */
  synchronized void put(HttpConnection connection) {
    connection.used();
    idle.computeIfAbsent(connection.route(), route -> new ArrayDeque<>()).addLast(connection);
    sweepLater();
  }

  private void sweepLater() {
    if (!sweeping && !idle.isEmpty()) {
      sweeping = true;
      later.execute(this::sweep);
    }
  }

  private void sweep() {
    old().forEach(HttpConnection::close);
  }

  private synchronized List<HttpConnection> old() {
    List<HttpConnection> old = new ArrayList<>();
    for (Iterator<Deque<HttpConnection>> each = idle.values().iterator(); each.hasNext(); ) {
      Deque<HttpConnection> waiting = each.next();
      while (!waiting.isEmpty() && age(waiting.peekFirst()) >= keep.toNanos()) {
        old.add(waiting.pollFirst());
      }
      if (waiting.isEmpty()) {
        each.remove();
      }
    }
    sweeping = false;
    sweepLater();
    return old;
  }

  private static long age(HttpConnection connection) {
    return System.nanoTime() - connection.usedAt();
  }
}
