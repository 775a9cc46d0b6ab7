/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import java.util.function.Supplier;

/**
 * The waits of a task's own thread for the store and the driver, which an interrupt ends; it is
 * taken back when the wait is over, so that Spark's own work never sees it. Thread-safe.
 */
public final class TaskWaits {
  private Thread waiting;
  private boolean interrupted;
  private boolean ended;

  /** Waits, in the calling thread. */
  public <T> T during(Supplier<T> wait) {
    synchronized (this) {
      waiting = Thread.currentThread();
      if (ended) {
        interrupt();
      }
    }
    try {
      return wait.get();
    } finally {
      synchronized (this) {
        waiting = null;
        if (interrupted) {
          Thread.interrupted();
          interrupted = false;
        }
      }
    }
  }

  /** Ends the wait there is, and all to come. */
  public synchronized void end() {
    ended = true;
    if (waiting != null && !interrupted) {
      interrupt();
    }
  }

  private void interrupt() {
    interrupted = true;
    waiting.interrupt();
  }
}
