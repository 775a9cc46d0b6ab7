package io.github.deltasharing.http;

/** No connection was established in time: the request was not sent. */
final class ConnectTimeoutException extends HttpTimeoutException {
  private static final long serialVersionUID = 1L;

  ConnectTimeoutException() {
    super("no connection in time");
  }
}
