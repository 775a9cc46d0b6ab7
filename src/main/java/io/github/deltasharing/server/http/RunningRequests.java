/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;

/**
 * The requests that are being served: {@linkplain #sweep ends} those whose clients send or read too
 * slowly. A connection has one request at a time, as HTTP/1.1 has it. Safe for use by several
 * threads.
 */
public final class RunningRequests {
  private final Map<Connection, RequestContext> running = new ConcurrentHashMap<>();

  public void begin(RequestContext context) {
    running.put(context.connection(), context);
  }

  public void end(RequestContext context) {
    running.remove(context.connection(), context);
  }

  public int count() {
    return running.size();
  }

  /** Whether a request of the connection is being served. */
  boolean isServing(Connection connection) {
    return running.containsKey(connection);
  }

  /** Ends the requests of clients that are too slow. To be called every now and then. */
  public void sweep() {
    long now = System.nanoTime();
    running.values().forEach(context -> context.endIfSlow(now));
  }

  /** Notes of all that are left that the server's stop ends them. */
  public void cut() {
    running.values().forEach(context -> context.cut(CutReason.STOP));
  }

  /** Makes the records of those that are still left. */
  public void record() {
    running.values().forEach(RequestContext::recordCut);
  }
}
