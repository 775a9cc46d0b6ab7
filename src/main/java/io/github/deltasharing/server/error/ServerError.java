/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.error;

import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.StoreException;

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
  public static final String RESOURCE_ALREADY_EXISTS = "RESOURCE_ALREADY_EXISTS";
  public static final String INVALID_STATE = "INVALID_STATE";
  public static final String UNAUTHENTICATED = "UNAUTHENTICATED";
  public static final String PERMISSION_DENIED = "PERMISSION_DENIED";
  public static final String INTERNAL_ERROR = "INTERNAL_ERROR";
  static final String TEMPORARILY_UNAVAILABLE = "TEMPORARILY_UNAVAILABLE";
  static final String REQUEST_LIMIT_EXCEEDED = "REQUEST_LIMIT_EXCEEDED";

  private final int status;
  private final String errorCode;
  private final long retryAfterSeconds;

  public ServerError(int status, String errorCode, String message) {
    this(status, errorCode, message, 1);
  }

  private ServerError(int status, String errorCode, String message, long retryAfterSeconds) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  public ServerError(int status, String errorCode, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
    this.errorCode = errorCode;
    this.retryAfterSeconds = 1;
  }

  /** What a client is told of a table that its source refuses. */
  public static ServerError of(SourceException refusal) {
    return switch (refusal.kind()) {
      case NOT_FOUND ->
          new ServerError(404, RESOURCE_DOES_NOT_EXIST, refusal.getMessage(), refusal);
      case INVALID -> new ServerError(400, INVALID_PARAMETER_VALUE, refusal.getMessage(), refusal);
      case UNSUPPORTED ->
          new ServerError(400, UNSUPPORTED_OPERATION, refusal.getMessage(), refusal);
    };
  }

  /** What a client is told of a store that does not let a table be read; it may try again. */
  public static ServerError of(StoreException failure) {
    return failure.isTemporary()
        ? new ServerError(503, TEMPORARILY_UNAVAILABLE, failure.getMessage(), failure)
        : new ServerError(500, INTERNAL_ERROR, failure.getMessage(), failure);
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

  /** As above, with what it has too much of. */
  public static ServerError busy(String message, Throwable cause) {
    return new ServerError(503, TEMPORARILY_UNAVAILABLE, message, cause);
  }

  /** The client has too much done at once; it should retry. */
  public static ServerError tooMany(String message) {
    return new ServerError(429, REQUEST_LIMIT_EXCEEDED, message);
  }

  /** The client has sent too much; the same request is taken after some seconds. */
  public static ServerError tooMany(String message, long retryAfterSeconds) {
    return new ServerError(429, REQUEST_LIMIT_EXCEEDED, message, retryAfterSeconds);
  }

  /** After how many seconds the client may try again, where the status says that it may. */
  public long retryAfterSeconds() {
    return retryAfterSeconds;
  }

  public int status() {
    return status;
  }

  public String errorCode() {
    return errorCode;
  }
}
