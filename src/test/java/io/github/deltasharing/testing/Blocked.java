/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A call in a thread of its own that is expected to block, to be interrupted there. Closing it
 * interrupts the thread, so that no failed test leaves it behind.
 */
public final class Blocked implements AutoCloseable {
  /**
   * How a call ended: with what failure (null for none), and with the interrupt flag set or not.
   */
  public record End(Throwable failure, boolean interrupted) {}

  /** What is called. */
  @FunctionalInterface
  public interface Call {
    void run() throws Exception;
  }

  private final CompletableFuture<End> end = new CompletableFuture<>();
  private final Thread thread;

  public Blocked(Call call) {
    thread =
        new Thread(
            () -> {
              Throwable failure = null;
              try {
                call.run();
              } catch (Throwable e) {
                failure = e;
              }
              end.complete(new End(failure, Thread.currentThread().isInterrupted()));
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits until the call waits in a method of {@code type}. */
  public Blocked awaitIn(Class<?> type) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!waitsIn(type)) {
      if (end.isDone() || System.nanoTime() > deadline) {
        throw new AssertionError("not blocked in " + type + ": " + end);
      }
      Thread.sleep(5);
    }
    return this;
  }

  private boolean waitsIn(Class<?> type) {
    Thread.State state = thread.getState();
    StackTraceElement[] stack = thread.getStackTrace();
    // A thread that waits for a socket is in the system, and runs as far as Java knows.
    return (state == Thread.State.TIMED_WAITING
            || state == Thread.State.WAITING
            || (stack.length > 0 && stack[0].isNativeMethod()))
        && Arrays.stream(stack).anyMatch(frame -> frame.getClassName().equals(type.getName()));
  }

  public Blocked interrupt() {
    thread.interrupt();
    return this;
  }

  /** How the call ended; fails if it does not within {@code seconds}. */
  public End end(int seconds) throws Exception {
    return end.get(seconds, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
