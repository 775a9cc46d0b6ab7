package io.github.deltasharing.protocol;

/**
 * The last line of an answer (PROTOCOL.md, "EndStreamAction"). All fields may be null.
 *
 * @param minUrlExpirationTimestamp epoch milliseconds
 * @param errorMessage why the answer ends before its time
 * @param httpStatusErrorCode the status that it would have been answered with at its start
 */
public record EndStreamAction(
    String refreshToken,
    String nextPageToken,
    Long minUrlExpirationTimestamp,
    String errorMessage,
    Integer httpStatusErrorCode) {
  /** Without its tokens. */
  @Override
  public String toString() {
    return "EndStreamAction[morePages=" + (nextPageToken != null) + ", error=" + errorMessage + "]";
  }
}
