package io.github.deltasharing.server.error;

/** The client of a request closed the connection: nobody is there to read the rest. */
public final class ClientGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ClientGoneException() {
    super("The client closed the connection", null, false, false);
  }
}
