/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.auth;

/**
 * Who sends a request. Tokens and URLs that the server issues to one principal are refused from
 * another. Immutable.
 *
 * @param id the same for the same principal on every server and after each restart, without blanks;
 *     no secret, since logs and signed URLs hold it
 * @param oneClient whether all of its requests share limits, wherever they come from; else those of
 *     one address do
 */
public record Principal(String id, boolean oneClient) {
  /** Every client of a server without credentials. */
  public static final Principal ANONYMOUS = new Principal("anonymous");

  /** A principal whose credentials many may have. */
  public Principal(String id) {
    this(id, /* oneClient= */ false);
  }
}
