package io.github.deltasharing.transport;

import java.net.http.HttpTimeoutException;

/** An answer's body never stopped for long, and came too slowly all the same. */
public final class SlowException extends HttpTimeoutException {
  private static final long serialVersionUID = 1L;

  private final long waitedNanos;

  SlowException(long waitedNanos) {
    super("the body came slower than " + Pace.LEAST_RATE + " bytes a second");
    this.waitedNanos = waitedNanos;
  }

  /** How long it was waited for, in all. */
  public long waitedNanos() {
    return waitedNanos;
  }
}
