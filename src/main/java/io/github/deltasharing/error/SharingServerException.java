/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

import io.github.deltasharing.annotation.PublicApi;

/**
 * The sharing server responded with an error status. Keeps what a support ticket to the provider
 * needs.
 */
@PublicApi
public class SharingServerException extends SharingException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String errorCode;
  private final String requestId;

  public SharingServerException(String message, int status, String errorCode, String requestId) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.requestId = requestId;
  }

  /** The HTTP status, for example 404. */
  public int status() {
    return status;
  }

  /** The protocol's {@code errorCode}, or an empty string where the server sent none. */
  public String errorCode() {
    return errorCode;
  }

  /** The provider's request id, or an empty string where the server sent none. */
  public String requestId() {
    return requestId;
  }
}
