package io.github.deltasharing.protocol;

/**
 * Where an asynchronous query is (PROTOCOL.md, "Get Query Info"): the only line of an answer until
 * the query has succeeded.
 *
 * @param queryId what to ask for it by
 * @param status {@code pending} or {@code failed}
 * @param error why it failed, or null
 */
public record QueryStatus(String queryId, String status, String error) {
  public boolean isFailed() {
    return "failed".equalsIgnoreCase(status);
  }
}
