/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

import io.github.deltasharing.annotation.Internal;
import io.github.deltasharing.annotation.PublicApi;
import java.util.OptionalLong;

/**
 * A failure that may pass: a response that broke off, a busy server, a reset connection. Retried
 * within the retry budget; when that is spent its message and cause are what the user sees.
 */
@PublicApi
public class TransientSharingException extends SharingServerException {
  private static final long serialVersionUID = 1L;

  private final long retryAfterMillis;
  private final boolean unconnected;

  /**
   * An error status that the protocol lets a client retry; a negative {@code retryAfterMillis}
   * means unsaid.
   */
  public TransientSharingException(
      String message, int status, String errorCode, String requestId, long retryAfterMillis) {
    this(message, status, errorCode, requestId, retryAfterMillis, false);
  }

  private TransientSharingException(
      String message,
      int status,
      String errorCode,
      String requestId,
      long retryAfterMillis,
      boolean unconnected) {
    super(message, status, errorCode, requestId);
    this.retryAfterMillis = retryAfterMillis;
    this.unconnected = unconnected;
  }

  /** A failure below HTTP, or an incomplete response. */
  public TransientSharingException(String message, Throwable cause) {
    this(message, false, cause);
  }

  /**
   * A failure below HTTP.
   *
   * @param unconnected whether there was no connection at all
   */
  @Internal
  public TransientSharingException(String message, boolean unconnected, Throwable cause) {
    this(message, 0, "", "", -1, unconnected);
    if (cause != null) {
      initCause(cause);
    }
  }

  /** The delay of the server's {@code Retry-After}, in milliseconds. */
  public OptionalLong retryAfterMillis() {
    return retryAfterMillis < 0 ? OptionalLong.empty() : OptionalLong.of(retryAfterMillis);
  }

  /** Whether the peer is unavailable, rather than at odds with this one request. */
  @Internal
  public boolean isOfOutage() {
    return switch (status()) {
      case 429, 502, 503, 504 -> true;
      default -> unconnected;
    };
  }
}
