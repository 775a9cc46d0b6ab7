/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.audit;

import io.github.deltasharing.server.audit.AuditSink.Outcome;
import io.github.deltasharing.server.store.AuditEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to a sink, many at once, from a thread of its own. Who adds events never waits: when
 * too many are on their way, they are counted and let go. Safe for use by several threads; the
 * server closes it, which gives it some seconds for what is on its way.
 */
final class AuditWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditWriter.class);
  private static final int BATCH = 500;
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration PRUNE = Duration.ofMinutes(10);
  private static final Duration WARN = Duration.ofMinutes(1);
  private static final Duration STOP = Duration.ofSeconds(5);

  private final AuditSink sink;
  private final LongConsumer missing;
  private final int most;
  private final Thread thread;

  // Guarded by this.
  private final Deque<AuditEvent> queue = new ArrayDeque<>();
  private long accepted;
  private long done;
  private long lost;
  private boolean stopping;

  /** Of the thread alone. */
  private long warnedAt = System.nanoTime() - WARN.toNanos();

  /**
   * Starts the thread.
   *
   * @param most how many events may be on their way
   * @param missing is told how many events were let go, once events are kept again
   */
  AuditWriter(AuditSink sink, int most, LongConsumer missing) {
    this.sink = sink;
    this.missing = missing;
    this.most = most;
    this.thread = new Thread(this::run, "sharing-audit");
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes an event on its way, if there is room. */
  synchronized void add(AuditEvent event) {
    if (stopping || queue.size() >= most) {
      lost++;
      return;
    }
    queue.add(event);
    accepted++;
    notifyAll();
  }

  /** Waits until all that was added before is kept or let go. */
  synchronized void flush() throws InterruptedException {
    long goal = accepted;
    while (done < goal && thread.isAlive()) {
      wait(RETRY.toMillis());
    }
  }

  private void run() {
    long prunedAt = System.nanoTime() - PRUNE.toNanos();
    while (true) {
      List<AuditEvent> batch = next();
      if (batch.isEmpty() && isStopping()) {
        return;
      }
      tellOfMissing(!batch.isEmpty() && keep(batch));
      if (!isStopping() && System.nanoTime() - prunedAt >= PRUNE.toNanos() && !prune()) {
        prunedAt = System.nanoTime();
      }
    }
  }

  private synchronized long lost() {
    return lost;
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  private synchronized List<AuditEvent> next() {
    if (queue.isEmpty()) {
      pause();
    }
    List<AuditEvent> batch = new ArrayList<>();
    while (!queue.isEmpty() && batch.size() < BATCH) {
      batch.add(queue.remove());
    }
    return batch;
  }

  /** Keeps a batch; one by one what is refused together. Says whether any of it is kept. */
  private boolean keep(List<AuditEvent> batch) {
    Outcome together = tryKeep(batch);
    if (together != Outcome.REFUSED) {
      finish(batch.size(), together == Outcome.KEPT ? 0 : batch.size());
      return together == Outcome.KEPT;
    }
    boolean any = false;
    for (AuditEvent event : batch) {
      boolean kept = tryKeep(List.of(event)) == Outcome.KEPT;
      finish(1, kept ? 0 : 1);
      any |= kept;
    }
    return any;
  }

  /** Tries until it is clear what becomes of the events, or the server has to stop. */
  private Outcome tryKeep(List<AuditEvent> events) {
    while (true) {
      Outcome outcome = outcome(events);
      if (outcome != Outcome.LATER || isStopping()) {
        return outcome;
      }
      warn("cannot be reached. Events wait, " + lost() + " had no room and are in no database");
      pause();
    }
  }

  private Outcome outcome(List<AuditEvent> events) {
    try {
      return sink.keep(events);
    } catch (RuntimeException | Error e) {
      // An error too, such as no memory: without this thread nothing would be kept any more.
      warn("refused events, those that it refuses alone are in no database: " + e);
      return Outcome.REFUSED;
    }
  }

  private synchronized void pause() {
    try {
      if (!stopping) {
        wait(RETRY.toMillis());
      }
    } catch (InterruptedException e) {
      LOG.debug("The server stops", e);
    }
  }

  private synchronized void finish(int events, int notKept) {
    done += events;
    lost += notKept;
    notifyAll();
  }

  /** Says that some are missing, and has an event made of it as soon as events are kept. */
  private void tellOfMissing(boolean working) {
    long count;
    synchronized (this) {
      count = lost;
      if (working) {
        lost = 0;
      }
    }
    if (count > 0) {
      warn("did not take all events: " + count + " are in no database");
    }
    if (count > 0 && working) {
      missing.accept(count);
    }
  }

  private void warn(String what) {
    if (System.nanoTime() - warnedAt >= WARN.toNanos()) {
      warnedAt = System.nanoTime();
      LOG.warn("The database of the audit {}", what);
    }
  }

  private boolean prune() {
    try {
      return sink.prune();
    } catch (RuntimeException | Error e) {
      LOG.warn("Old events of the audit were not deleted: {}", e.toString());
      return false;
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      stopping = true;
      notifyAll();
    }
    awaitEnd();
    long left;
    synchronized (this) {
      left = accepted - done + lost;
    }
    if (left > 0) {
      LOG.warn("{} events of the audit are not in its database: the server stops", left);
    }
  }

  /** An interrupt, which may be why the server stops, takes no time from what is on its way. */
  private void awaitEnd() {
    long end = System.nanoTime() + STOP.toNanos();
    boolean interrupted = false;
    for (long left = STOP.toNanos(); left > 0 && thread.isAlive(); left = end - System.nanoTime()) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
