/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.prefetch;

import io.github.deltasharing.storage.ExecutorResources;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Looks a few times a second whether tasks that read were cancelled, and ends what they wait for:
 * Spark does not interrupt a cancelled task's thread unless its user asks for that. Does nothing
 * while nothing is read. Thread-safe.
 */
final class CancelWatch {
  private static final long PAUSE_MILLIS = 200;

  private final Set<ReadAhead> watched = ConcurrentHashMap.newKeySet();

  /** What it runs blocks nowhere. */
  private final Executor later =
      CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);

  private boolean looking;

  /** The watch of this JVM. */
  static CancelWatch shared() {
    return ExecutorResources.shared(CancelWatch.class, CancelWatch::new);
  }

  synchronized void add(ReadAhead task) {
    watched.add(task);
    lookLater();
  }

  void remove(ReadAhead task) {
    watched.remove(task);
  }

  private void lookLater() {
    if (!looking && !watched.isEmpty()) {
      looking = true;
      later.execute(this::look);
    }
  }

  private void look() {
    try {
      watched.forEach(ReadAhead::endIfCancelled);
    } finally {
      synchronized (this) {
        looking = false;
        lookLater();
      }
    }
  }

  /** How many tasks are watched: 0 when nothing is being read. */
  int size() {
    return watched.size();
  }
}
