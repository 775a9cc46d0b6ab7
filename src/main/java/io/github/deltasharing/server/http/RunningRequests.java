package io.github.deltasharing.server.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.Connection;

/**
 * The requests that are being served: {@linkplain #sweep ends} those whose clients send or read too
 * slowly, and lets a server that is to stop wait for the others. A connection has one request at a
 * time, as HTTP/1.1 has it. Safe for use by several threads.
 */
public final class RunningRequests {
  private final Map<Connection, Exchange> running = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();

  public void begin(Exchange exchange) {
    running.put(exchange.connection(), exchange);
  }

  public void end(Exchange exchange) {
    running.remove(exchange.connection(), exchange);
    if (running.isEmpty()) {
      lock.lock();
      try {
        ended.signalAll();
      } finally {
        lock.unlock();
      }
    }
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
    running.values().forEach(exchange -> exchange.endIfSlow(now));
  }

  /** Waits until none is left, no longer than the time; false if some are. */
  public boolean awaitNone(Duration time) throws InterruptedException {
    long nanos = time.toNanos();
    lock.lock();
    try {
      while (!running.isEmpty() && nanos > 0) {
        // Not only for the signal: a request may end between the look and the wait.
        long before = System.nanoTime();
        ended.awaitNanos(Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(100)));
        nanos -= System.nanoTime() - before;
      }
      return running.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Notes of all that are left that the server's stop ends them. */
  public void cut() {
    running.values().forEach(exchange -> exchange.cut(Cut.STOP));
  }

  /** Makes the records of those that are still left. */
  public void record() {
    running.values().forEach(Exchange::recordCut);
  }
}
