package io.github.deltasharing.transport;

import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * How long a connection's reader is kept waiting, in all: a peer that sends a byte now and then
 * lets no single wait grow long. A head has to come within the timeout and a bounded number of
 * bytes; a body gets a second more for each kilobyte that came. Only waiting counts, not what the
 * reader does in between. Used by one thread at a time.
 */
final class Pace {
  /** The least rate of a body after the time allowed, bytes a second. */
  static final long LEAST_RATE = 1 << 10;

  /** More than any store's headers, and a buffer of the body behind them. */
  static final long MOST_HEAD_BYTES = 512 << 10;

  private static final long SECOND = 1_000_000_000L;

  private final long timeout;
  private long waited;
  private long bytes;
  private boolean body;

  /** Waited for too long in all, though never for too long at a time. */
  static final class TooSlow extends SocketTimeoutException {
    private static final long serialVersionUID = 1L;

    TooSlow() {
      super("slower than the least rate");
    }
  }

  /** A head of more bytes than any has. */
  static final class TooLong extends java.io.IOException {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super("its headers are longer than " + (MOST_HEAD_BYTES >> 10) + " KiB");
    }
  }

  Pace(Duration timeout) {
    this.timeout = Math.max(1_000_000, timeout.toNanos());
  }

  /** A head is waited for from now on. */
  void startHead() {
    waited = 0;
    bytes = 0;
    body = false;
  }

  /** A body is waited for from now on. */
  void startBody() {
    startHead();
    body = true;
  }

  /**
   * How long the next wait may be, milliseconds.
   *
   * @throws TooSlow if there was too much of it
   */
  int nextWait() throws TooSlow {
    long left = timeout - waited;
    if (body) {
      left += bytes * (SECOND / LEAST_RATE);
    }
    if (left <= 0) {
      throw new TooSlow();
    }
    return (int) Math.min(Integer.MAX_VALUE, Math.min(left, timeout) / 1_000_000 + 1);
  }

  void waited(long nanos, int read) throws TooLong {
    waited += nanos;
    bytes += Math.max(0, read);
    if (!body && bytes > MOST_HEAD_BYTES) {
      throw new TooLong();
    }
  }

  /** Since the head or body started, nanoseconds. */
  long waited() {
    return waited;
  }
}
