/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.prefetch;

import io.github.deltasharing.storage.ExecutorResources;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads that fetch for all tasks of this JVM, each request in one: no more of them at a time
 * than the option {@code maxConnections} says. The task with the fewest running comes next, so that
 * one with much to read does not keep another waiting. Idle threads end. Thread-safe.
 */
final class FetchPool {
  private static final long IDLE_SECONDS = 10;

  private final Executor threads;

  /** Those of tasks that have fetches waiting. */
  private final List<TaskQueue> queues = new ArrayList<>();

  private int running;
  private long submitted;

  /** What of a task's fetches comes first. */
  enum Rank {
    /** The task waits for it. */
    NEEDED,
    PLANNED,
    /** The first of a file that is read later. */
    NEXT_FILES
  }

  /** A task's fetches that wait for their turn. Guarded by the pool. */
  static final class TaskQueue {
    private final int maxConnections;
    private final Queue<Turn> waiting =
        new PriorityQueue<>(Comparator.comparing(Turn::rank).thenComparing(Turn::number));
    private int running;

    /**
     * @param maxConnections none of its fetches starts while that many run in this JVM
     */
    TaskQueue(int maxConnections) {
      this.maxConnections = maxConnections;
    }
  }

  private record Turn(TaskQueue queue, Fetch<?> fetch, Rank rank, long number) {}

  FetchPool() {
    AtomicLong next = new AtomicLong();
    // The bound is kept by counting turns.
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> thread(work, "delta-sharing-fetch-" + next.incrementAndGet()));
  }

  /** Without the thread-locals and the class loader of whichever task happens to start it. */
  private static Thread thread(Runnable work, String name) {
    Thread thread = new Thread(null, work, name, 0, false);
    thread.setContextClassLoader(FetchPool.class.getClassLoader());
    thread.setDaemon(true);
    return thread;
  }

  /** The pool of this JVM. */
  static FetchPool shared() {
    return ExecutorResources.shared(FetchPool.class, FetchPool::new);
  }

  /** Runs {@code fetch} when its turn comes. */
  void submit(TaskQueue queue, Rank rank, Fetch<?> fetch) {
    Turn turn;
    synchronized (this) {
      if (queue.waiting.isEmpty()) {
        queues.add(queue);
      }
      queue.waiting.add(new Turn(queue, fetch, rank, submitted++));
      turn = next();
    }
    if (turn != null) {
      start(turn);
    }
  }

  private void start(Turn first) {
    for (Turn turn = first; turn != null; ) {
      Turn started = turn;
      try {
        threads.execute(() -> work(started));
        return;
      } catch (RuntimeException | Error e) {
        // No thread to be had. The task must hear of it, or it would wait for ever.
        started.fetch().fail(e);
        turn = after(started);
      }
    }
  }

  private void work(Turn first) {
    for (Turn turn = first; turn != null; turn = after(turn)) {
      turn.fetch().run();
      // A fetch that is cancelled leaves its interrupt behind.
      Thread.interrupted();
    }
  }

  private synchronized Turn after(Turn done) {
    done.queue().running--;
    running--;
    return next();
  }

  private Turn next() {
    TaskQueue best = null;
    for (TaskQueue queue : queues) {
      if (running < queue.maxConnections && (best == null || queue.running < best.running)) {
        best = queue;
      }
    }
    if (best == null) {
      return null;
    }
    Turn turn = best.waiting.remove();
    queues.remove(best);
    if (!best.waiting.isEmpty()) {
      queues.add(best);
    }
    best.running++;
    running++;
    return turn;
  }

  /** Forgets what waits for its turn. */
  synchronized void forget(TaskQueue queue) {
    queue.waiting.clear();
    queues.remove(queue);
  }

  /** How many fetches run: 0 when nothing is being read. */
  synchronized int running() {
    return running;
  }
}
