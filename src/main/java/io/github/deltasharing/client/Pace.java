package io.github.deltasharing.client;

import java.time.Duration;

/**
 * How slowly the bytes of a body may come. Only time in which the reader waits counts, so that a
 * slow reader is not taken for a slow sender:
 *
 * <ul>
 *   <li>one pause is as long as the option {@code timeout} at most;
 *   <li>of all waiting beyond a {@link #grace}, each second has to bring {@link #LEAST_RATE} bytes;
 *   <li>an answer that is small by its nature has to be whole within the grace.
 * </ul>
 *
 * Used by the reader's thread.
 */
final class Pace {
  /** Bytes a second, far below any line that a job could run over. */
  static final int LEAST_RATE = 1024;

  private static final Duration LEAST_GRACE = Duration.ofSeconds(60);

  private final long pauseNanos;
  private final long graceNanos;
  private long mostNanos = Long.MAX_VALUE;
  private long waitedNanos;
  private long bytes;

  /**
   * @param pause the longest wait for the next bytes
   * @param grace the waiting that is always allowed
   */
  Pace(Duration pause, Duration grace) {
    this.pauseNanos = pause.toNanos();
    this.graceNanos = grace.toNanos();
  }

  /** By the option {@code timeout}. */
  static Pace of(Duration timeout) {
    return new Pace(timeout, timeout.compareTo(LEAST_GRACE) > 0 ? timeout : LEAST_GRACE);
  }

  /** The answer is small by its nature. */
  void bounded() {
    mostNanos = Math.min(mostNanos, graceNanos);
  }

  /** The answer is not worth more waiting than this. */
  void atMost(Duration wait) {
    mostNanos = Math.min(mostNanos, waitedNanos + wait.toNanos());
  }

  long longestWaitNanos() {
    return Math.max(1, Math.min(pauseNanos, mostNanos - waitedNanos));
  }

  void came(long count) {
    bytes += count;
  }

  /**
   * A wait ended.
   *
   * @param came whether with bytes or the body's end
   * @throws StalledException if it was too long, by itself or with those before it
   */
  void waited(long nanos, boolean came) throws StalledException {
    waitedNanos += nanos;
    if (waitedNanos >= mostNanos) {
      throw StalledException.tooSlow(
          "the answer did not come to its end within " + seconds(mostNanos));
    }
    if (!came) {
      throw new StalledException("no more of the body came within " + seconds(pauseNanos));
    }
    double due = (double) (waitedNanos - graceNanos) / 1e9 * LEAST_RATE;
    if (bytes < due) {
      throw StalledException.tooSlow(
          "the answer came more slowly than " + LEAST_RATE + " bytes a second");
    }
  }

  private static String seconds(long nanos) {
    return nanos / 1_000_000 / 1000.0 + " s";
  }
}
