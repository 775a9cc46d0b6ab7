package io.github.deltasharing.benchmarks;

import io.github.deltasharing.benchmarks.Shots.Shot;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What a comparison came to: its shots, of which those with the same index were neighbours in time.
 */
record Result(Comparison comparison, Shot[] measured, Shot[] yardstick) {
  /** The head of a Markdown table of {@link #row}s. */
  static final String HEADER =
      """
      | Measured / yardstick | Target | Ratio (median) | Min – max | Ratio of CPU time | Measured | Yardstick | What one shot did |
      |---|---|---|---|---|---|---|---|""";

  String row() {
    double[] times = ratios(Shot::seconds);
    return "| %s | %s | **%.2f** | %.2f – %.2f | %.2f | %.2f s | %.2f s | %s; yardstick: %s |"
        .formatted(
            comparison.title(),
            Double.isNaN(comparison.target()) ? "–" : "≤ %.2f".formatted(comparison.target()),
            median(times),
            times[0],
            times[times.length - 1],
            median(ratios(Shot::cpuSeconds)),
            median(seconds(measured)),
            median(seconds(yardstick)),
            measured[measured.length - 1].words(),
            yardstick[yardstick.length - 1].words());
  }

  /** Ascending. */
  private double[] ratios(ToDoubleFunction<Shot> of) {
    return IntStream.range(0, measured.length)
        .mapToDouble(i -> of.applyAsDouble(measured[i]) / of.applyAsDouble(yardstick[i]))
        .sorted()
        .toArray();
  }

  private static double[] seconds(Shot[] shots) {
    return Arrays.stream(shots).mapToDouble(Shot::seconds).sorted().toArray();
  }

  private static double median(double[] ascending) {
    return ascending[ascending.length / 2];
  }
}
