package io.github.deltasharing.http;

/** The other side did not accept a connection in time: nothing was sent yet. */
final class ConnectTimeoutException extends HttpTimeoutException {
  private static final long serialVersionUID = 1L;

  ConnectTimeoutException() {
    super("no connection in time");
  }
}
