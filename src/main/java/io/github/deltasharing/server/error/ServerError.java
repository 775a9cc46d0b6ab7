/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.error;

/**
 * A request that is refused: HTTP status, the protocol's error code and a message that the client
 * may see. So a message never names paths of the server, tokens or signatures. Immutable.
 */
public final class ServerError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public static final String RESOURCE_DOES_NOT_EXIST = "RESOURCE_DOES_NOT_EXIST";
  public static final String UNSUPPORTED_OPERATION = "UNSUPPORTED_OPERATION";
  public static final String INVALID_PARAMETER_VALUE = "INVALID_PARAMETER_VALUE";
  public static final String MALFORMED_REQUEST = "MALFORMED_REQUEST";
  public static final String UNAUTHENTICATED = "UNAUTHENTICATED";
  static final String PERMISSION_DENIED = "PERMISSION_DENIED";
  public static final String INTERNAL_ERROR = "INTERNAL_ERROR";
  static final String TEMPORARILY_UNAVAILABLE = "TEMPORARILY_UNAVAILABLE";
  static final String REQUEST_LIMIT_EXCEEDED = "REQUEST_LIMIT_EXCEEDED";

  private final int status;
  private final String errorCode;

  public ServerError(int status, String errorCode, String message) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }

  public ServerError(int status, String errorCode, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
    this.errorCode = errorCode;
  }

  public static ServerError notFound(String message) {
    return new ServerError(404, RESOURCE_DOES_NOT_EXIST, message);
  }

  public static ServerError invalid(String message) {
    return new ServerError(400, INVALID_PARAMETER_VALUE, message);
  }

  public static ServerError malformed(String message) {
    return new ServerError(400, MALFORMED_REQUEST, message);
  }

  public static ServerError unsupported(String message) {
    return new ServerError(400, UNSUPPORTED_OPERATION, message);
  }

  public static ServerError forbidden(String message) {
    return new ServerError(403, PERMISSION_DENIED, message);
  }

  /** The server has too much to do; the client should retry. */
  public static ServerError busy(String message) {
    return new ServerError(503, TEMPORARILY_UNAVAILABLE, message);
  }

  /** The client has too much done at once; it should retry. */
  public static ServerError tooMany(String message) {
    return new ServerError(429, REQUEST_LIMIT_EXCEEDED, message);
  }

  public int status() {
    return status;
  }

  public String errorCode() {
    return errorCode;
  }
}
