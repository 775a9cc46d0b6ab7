package io.github.deltasharing.client;

import java.net.http.HttpTimeoutException;

/** An answer's body stopped for longer than the pause allowed, or comes too slowly. */
public final class StalledException extends HttpTimeoutException {
  private static final long serialVersionUID = 1L;

  private final boolean slow;

  public StalledException(String message) {
    this(message, false);
  }

  private StalledException(String message, boolean slow) {
    super(message);
    this.slow = slow;
  }

  /** Bytes come, and too few of them. */
  public static StalledException tooSlow(String message) {
    return new StalledException(message, true);
  }

  /** Whether bytes came all the time; the message says what was allowed. */
  public boolean isSlow() {
    return slow;
  }
}
