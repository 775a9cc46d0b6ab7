package io.github.deltasharing.protocol;

/**
 * The last line of an answer (PROTOCOL.md, "EndStreamAction"). All fields may be null.
 *
 * @param minUrlExpirationTimestamp epoch milliseconds
 */
public record EndStreamAction(
    String refreshToken,
    String nextPageToken,
    Long minUrlExpirationTimestamp,
    String errorMessage) {
  /** Without its tokens. */
  @Override
  public String toString() {
    return "EndStreamAction[morePages=" + (nextPageToken != null) + ", error=" + errorMessage + "]";
  }
}
