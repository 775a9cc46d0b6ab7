/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Closes connections that wait too long for a whole request. An idle timeout alone does not: each
 * byte of a header or of a TLS handshake that comes a byte at a time starts it anew. Above a number
 * of connections those that have waited longest are closed early, so that new ones find a place;
 * Jetty's ConnectionLimit would keep the old ones and let the new ones wait. Used by one thread.
 */
public final class ConnectionWatch {
  private static final long BUSY = -2;

  private final ServerConnector connector;
  private final RunningRequests running;
  private final Duration longest;
  private final int most;
  private Map<EndPoint, Waiting> waiting = new HashMap<>();

  public ConnectionWatch(
      ServerConnector connector, RunningRequests running, Duration longest, int most) {
    this.connector = connector;
    this.running = running;
    this.longest = longest;
    this.most = most;
  }

  /** Looks at all connections. To be called every now and then. */
  public void sweep() {
    long now = System.nanoTime();
    Map<EndPoint, Waiting> still = new HashMap<>();
    int open = 0;
    for (EndPoint endPoint : connector.getConnectedEndPoints()) {
      open++;
      long requests = requests(endPoint.getConnection());
      if (requests == BUSY) {
        continue;
      }
      Waiting before = waiting.get(endPoint);
      Waiting state =
          before != null && before.requests() == requests ? before : new Waiting(requests, now);
      if (now - state.since() > longest.toNanos()) {
        endPoint.close();
      } else {
        still.put(endPoint, state);
      }
    }
    closeOldest(still, open - most);
    waiting = still;
  }

  /** Closes the connections that wait for a request, all of them. */
  public void closeWaiting() {
    for (EndPoint endPoint : connector.getConnectedEndPoints()) {
      if (requests(endPoint.getConnection()) != BUSY) {
        endPoint.close();
      }
    }
  }

  private static void closeOldest(Map<EndPoint, Waiting> waiting, int count) {
    if (count <= 0) {
      return;
    }
    List<Map.Entry<EndPoint, Waiting>> oldest = new ArrayList<>(waiting.entrySet());
    oldest.sort(Comparator.comparingLong(entry -> entry.getValue().since()));
    for (var entry : oldest.subList(0, Math.min(count, oldest.size()))) {
      entry.getKey().close();
      waiting.remove(entry.getKey());
    }
  }

  /** How many requests a connection had, or {@link #BUSY} while one is served. */
  private long requests(Connection connection) {
    Connection http =
        connection instanceof SslConnection tls ? tls.getSslEndPoint().getConnection() : connection;
    if (http == null) {
      return 0;
    }
    return running.isServing(http) ? BUSY : http.getMessagesIn();
  }

  /** A connection without a request, since when, and how many it had. */
  private record Waiting(long requests, long since) {}
}
