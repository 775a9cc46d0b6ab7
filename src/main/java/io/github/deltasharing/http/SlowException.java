package io.github.deltasharing.http;

/** A response's body never stopped for long, and came too slowly all the same. */
public final class SlowException extends StalledException {
  private static final long serialVersionUID = 1L;

  private final long waitedNanos;

  SlowException(String message, long waitedNanos) {
    super(message);
    this.waitedNanos = waitedNanos;
  }

  /** How long the body was waited for, in all. */
  public long waitedNanos() {
    return waitedNanos;
  }
}
