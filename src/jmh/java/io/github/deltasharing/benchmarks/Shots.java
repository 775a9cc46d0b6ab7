package io.github.deltasharing.benchmarks;

import java.util.Arrays;
import java.util.concurrent.Callable;

/**
 * Times single shots of two things in turns: A B, B A, A B … Each neighbouring pair gives one
 * ratio, so that a machine that gets slower or faster meanwhile hurts few of them.
 */
final class Shots {
  private final int warmUps;
  private final int pairs;

  Shots(int warmUps, int pairs) {
    this.warmUps = warmUps;
    this.pairs = pairs;
  }

  /** Times both. The words are those of the last shots. */
  Result of(Comparison comparison) throws Exception {
    Shot measured = new Shot(comparison.measured());
    Shot yardstick = new Shot(comparison.yardstick());
    for (int i = 0; i < warmUps; i++) {
      measured.fire();
      yardstick.fire();
    }
    double[] ours = new double[pairs];
    double[] theirs = new double[pairs];
    double[] ratios = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      boolean measuredFirst = i % 2 == 0;
      double first = (measuredFirst ? measured : yardstick).fire();
      double second = (measuredFirst ? yardstick : measured).fire();
      ours[i] = measuredFirst ? first : second;
      theirs[i] = measuredFirst ? second : first;
      ratios[i] = ours[i] / theirs[i];
    }
    return new Result(
        comparison, median(ours), median(theirs), sorted(ratios), measured.words, yardstick.words);
  }

  private static double[] sorted(double[] values) {
    double[] copy = values.clone();
    Arrays.sort(copy);
    return copy;
  }

  private static double median(double[] values) {
    return sorted(values)[values.length / 2];
  }

  private static final class Shot {
    private final Callable<String> task;
    private String words;

    Shot(Callable<String> task) {
      this.task = task;
    }

    /** Seconds of one run, with the garbage of the one before out of the way. */
    double fire() throws Exception {
      System.gc();
      long start = System.nanoTime();
      words = task.call();
      return (System.nanoTime() - start) / 1e9;
    }
  }

  /**
   * What came out.
   *
   * @param measured median seconds
   * @param yardstick median seconds
   * @param ratios of each pair, ascending
   */
  record Result(
      Comparison comparison,
      double measured,
      double yardstick,
      double[] ratios,
      String measuredWords,
      String yardstickWords) {
    double ratio() {
      return ratios[ratios.length / 2];
    }

    /** A line of a Markdown table, as {@link #HEADER} names its columns. */
    String row() {
      return "| %s | %s | **%.2f** | %.2f – %.2f | %.2f s | %.2f s | %s; yardstick: %s |"
          .formatted(
              comparison.title(),
              Double.isNaN(comparison.target()) ? "–" : "≤ %.2f".formatted(comparison.target()),
              ratio(),
              ratios[0],
              ratios[ratios.length - 1],
              measured,
              yardstick,
              measuredWords,
              yardstickWords);
    }

    static final String HEADER =
        """
        | Measured / yardstick | Target | Ratio (median) | Min – max | Measured | Yardstick | What one shot did |
        |---|---|---|---|---|---|---|""";
  }
}
