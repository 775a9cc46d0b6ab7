package io.github.deltasharing.server;

/** The client of a request closed the connection: nobody is there to read the rest. */
final class ClientGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClientGoneException() {
    super("The client closed the connection", null, false, false);
  }
}
