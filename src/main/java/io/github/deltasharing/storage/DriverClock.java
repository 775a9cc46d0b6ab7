package io.github.deltasharing.storage;

import java.util.function.LongSupplier;

/**
 * The driver's time, as far as an executor knows it: its own, until the driver's first reply tells.
 * When URLs are to be renewed is planned by the driver's clock; an executor whose clock is an hour
 * ahead would hold every URL for dead. Runs on by the machine's steady clock. Thread-safe.
 */
public final class DriverClock {
  private static final DriverClock SHARED =
      new DriverClock(System::currentTimeMillis, () -> System.nanoTime() / 1_000_000);

  private final LongSupplier steady;
  private volatile long ahead;

  /**
   * @param wall epoch milliseconds
   * @param steady milliseconds since whenever
   */
  DriverClock(LongSupplier wall, LongSupplier steady) {
    this.steady = steady;
    this.ahead = wall.getAsLong() - steady.getAsLong();
  }

  /** The clock of this JVM. */
  public static DriverClock shared() {
    return SHARED;
  }

  /** Epoch milliseconds. */
  long now() {
    return steady.getAsLong() + ahead;
  }

  /** Notes what the driver just said the time is. */
  public void told(long now) {
    ahead = now - steady.getAsLong();
  }
}
