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
 */
public record Principal(String id) {
  /** Every client of a server without credentials. */
  public static final Principal ANONYMOUS = new Principal("anonymous");
}
