/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

/**
 * The status of an asynchronous query (PROTOCOL.md, "Get Query Info"): the only line of a response
 * until the query has succeeded.
 *
 * @param queryId identifies the query in requests for its status
 * @param status {@code pending} or {@code failed}
 * @param error why it failed, or null
 */
public record QueryStatus(String queryId, String status, String error) {
  private static final String PENDING = "pending";
  private static final String FAILED = "failed";

  /** Of a query whose response is not there yet. */
  public static QueryStatus pending(String queryId) {
    return new QueryStatus(queryId, PENDING, null);
  }

  /** Whether the query has failed. */
  public boolean isFailed() {
    return FAILED.equalsIgnoreCase(status);
  }
}
