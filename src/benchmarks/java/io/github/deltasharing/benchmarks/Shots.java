/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.Callable;

/**
 * Times single shots of two things in turns: A B, B A, A B … Each neighbouring pair gives one
 * ratio, so that a machine that gets slower or faster meanwhile hurts few of them.
 */
final class Shots {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final int warmUps;
  private final int pairs;

  Shots(int warmUps, int pairs) {
    this.warmUps = warmUps;
    this.pairs = pairs;
  }

  /** Times both. The words are those of the last shots. */
  Result of(Comparison comparison) throws Exception {
    for (int i = 0; i < warmUps; i++) {
      fire(comparison.measured());
      fire(comparison.yardstick());
    }
    Shot[] measured = new Shot[pairs];
    Shot[] yardstick = new Shot[pairs];
    for (int i = 0; i < pairs; i++) {
      if (i % 2 == 0) {
        measured[i] = fire(comparison.measured());
        yardstick[i] = fire(comparison.yardstick());
      } else {
        yardstick[i] = fire(comparison.yardstick());
        measured[i] = fire(comparison.measured());
      }
    }
    return new Result(comparison, measured, yardstick);
  }

  /** One run, with the garbage of the one before out of the way. */
  private static Shot fire(Callable<String> task) throws Exception {
    System.gc();
    long heap = heapBytes();
    long store = storeCpuNanos();
    long cpu = SYSTEM.getProcessCpuTime();
    long start = System.nanoTime();
    String words = task.call();
    long end = System.nanoTime();
    long all = SYSTEM.getProcessCpuTime() - cpu;
    long ofStore = storeCpuNanos() - store;
    return new Shot((end - start) / 1e9, (all - ofStore) / 1e9, ofStore / 1e9, heap, words);
  }

  /** In use after a collection. */
  private static long heapBytes() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** CPU time of the threads that are elsewhere in real life: the server's, and the relays'. */
  private static long storeCpuNanos() {
    long sum = 0;
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null
          && (thread.getThreadName().startsWith("sharing-server")
              || thread.getThreadName().startsWith(ShapingRelay.THREAD))) {
        sum += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return sum;
  }

  /**
   * One run.
   *
   * @param seconds from start to end
   * @param cpuSeconds of all threads of this JVM but the embedded server's and the relays'
   * @param storeCpuSeconds of those
   * @param heapBytes in use before it, after a collection
   * @param words what it did
   */
  record Shot(
      double seconds, double cpuSeconds, double storeCpuSeconds, long heapBytes, String words) {}
}
