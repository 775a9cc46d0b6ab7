package io.github.deltasharing.client;

import java.net.http.HttpTimeoutException;

/** An answer's body stopped for longer than the pause allowed. */
public final class StalledException extends HttpTimeoutException {
  private static final long serialVersionUID = 1L;

  public StalledException(String message) {
    super(message);
  }
}
