package io.github.deltasharing.server;

/**
 * A request that is refused: HTTP status, the protocol's error code and a message that the client
 * may see. So a message never names paths of the server, tokens or signatures. Immutable.
 */
final class ServerError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final String RESOURCE_DOES_NOT_EXIST = "RESOURCE_DOES_NOT_EXIST";
  static final String UNSUPPORTED_OPERATION = "UNSUPPORTED_OPERATION";
  static final String INVALID_PARAMETER_VALUE = "INVALID_PARAMETER_VALUE";
  static final String MALFORMED_REQUEST = "MALFORMED_REQUEST";
  static final String UNAUTHENTICATED = "UNAUTHENTICATED";
  static final String PERMISSION_DENIED = "PERMISSION_DENIED";
  static final String INTERNAL_ERROR = "INTERNAL_ERROR";
  static final String TEMPORARILY_UNAVAILABLE = "TEMPORARILY_UNAVAILABLE";
  static final String REQUEST_LIMIT_EXCEEDED = "REQUEST_LIMIT_EXCEEDED";

  private final int status;
  private final String errorCode;

  ServerError(int status, String errorCode, String message) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }

  ServerError(int status, String errorCode, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
    this.errorCode = errorCode;
  }

  static ServerError notFound(String message) {
    return new ServerError(404, RESOURCE_DOES_NOT_EXIST, message);
  }

  static ServerError invalid(String message) {
    return new ServerError(400, INVALID_PARAMETER_VALUE, message);
  }

  static ServerError malformed(String message) {
    return new ServerError(400, MALFORMED_REQUEST, message);
  }

  static ServerError unsupported(String message) {
    return new ServerError(400, UNSUPPORTED_OPERATION, message);
  }

  static ServerError forbidden(String message) {
    return new ServerError(403, PERMISSION_DENIED, message);
  }

  /** The server has too much to do; the client is told to try again. */
  static ServerError busy(String message) {
    return new ServerError(503, TEMPORARILY_UNAVAILABLE, message);
  }

  /** The client has too much done at once; it is told to try again. */
  static ServerError tooMany(String message) {
    return new ServerError(429, REQUEST_LIMIT_EXCEEDED, message);
  }

  int status() {
    return status;
  }

  String errorCode() {
    return errorCode;
  }
}
