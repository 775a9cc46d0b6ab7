package io.github.deltasharing.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;

/**
 * Times single shots of two things in turns: A B, B A, A B … Each neighbouring pair gives one
 * ratio, so that a machine that gets slower or faster meanwhile hurts few of them.
 */
final class Shots {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

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
    long cpu = SYSTEM.getProcessCpuTime();
    long start = System.nanoTime();
    String words = task.call();
    long end = System.nanoTime();
    return new Shot((end - start) / 1e9, (SYSTEM.getProcessCpuTime() - cpu) / 1e9, words);
  }

  /**
   * One run.
   *
   * @param seconds from start to end
   * @param cpuSeconds of all threads of this JVM, an embedded server's among them
   * @param words what it did
   */
  record Shot(double seconds, double cpuSeconds, String words) {}
}
