/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
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
      | Measured / yardstick | Target | Ratio (median) | Min – max | Ratio of CPU time | Measured | Yardstick | CPU of the server and the relay | Heap after GC, first and last shot | What one shot did |
      |---|---|---|---|---|---|---|---|---|---|""";

  String row() {
    double[] times = ratios(Shot::seconds);
    return "| %s | %s | **%.2f** | %.2f – %.2f | %.2f | %.2f s | %.2f s | %.2f s | %d MiB, %d MiB | %s; yardstick: %s |"
        .formatted(
            comparison.title(),
            Double.isNaN(comparison.target()) ? "–" : "≤ %.2f".formatted(comparison.target()),
            median(times),
            times[0],
            times[times.length - 1],
            median(ratios(Shot::cpuSeconds)),
            median(sorted(measured, Shot::seconds)),
            median(sorted(yardstick, Shot::seconds)),
            median(sorted(measured, Shot::storeCpuSeconds)),
            measured[0].heapBytes() >> 20,
            measured[measured.length - 1].heapBytes() >> 20,
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

  /** Ascending. */
  private static double[] sorted(Shot[] shots, ToDoubleFunction<Shot> of) {
    return Arrays.stream(shots).mapToDouble(of).sorted().toArray();
  }

  private static double median(double[] ascending) {
    return ascending[ascending.length / 2];
  }
}
