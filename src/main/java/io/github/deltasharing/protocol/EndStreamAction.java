/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

/**
 * The last line of a response (PROTOCOL.md, "EndStreamAction"). All fields may be null.
 *
 * @param minUrlExpirationTimestamp epoch milliseconds
 * @param errorMessage why the response ends early
 * @param httpStatusErrorCode the HTTP status, had the error come before the response began
 */
public record EndStreamAction(
    String refreshToken,
    String nextPageToken,
    Long minUrlExpirationTimestamp,
    String errorMessage,
    Integer httpStatusErrorCode) {
  /** The end of a response that has nothing more to say. */
  public static EndStreamAction empty() {
    return ofPage(null, null, null);
  }

  /** The end of a page; null for what there is not. */
  public static EndStreamAction ofPage(
      String refreshToken, String nextPageToken, Long minUrlExpirationTimestamp) {
    return new EndStreamAction(refreshToken, nextPageToken, minUrlExpirationTimestamp, null, null);
  }

  /** The end of a response that fails in its midst. */
  public static EndStreamAction ofFailure(String message, int status) {
    return new EndStreamAction(null, null, null, message, status);
  }

  /** Without its tokens. */
  @Override
  public String toString() {
    return "EndStreamAction[morePages=" + (nextPageToken != null) + ", error=" + errorMessage + "]";
  }
}
