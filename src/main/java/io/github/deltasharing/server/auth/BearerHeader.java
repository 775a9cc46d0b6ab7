/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.auth;

import io.github.deltasharing.server.error.ServerError;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** The token of a request: from its header, and from nowhere else. Stateless. */
public final class BearerHeader {
  private static final String SCHEME = "bearer ";

  private BearerHeader() {}

  /** The token, if the request has one. */
  public static Optional<String> find(Request request) {
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? Optional.of(header.substring(SCHEME.length()).trim())
        : Optional.empty();
  }

  /** The token, or a {@link ServerError} 401. */
  public static String require(Request request) {
    return find(request)
        .orElseThrow(
            () ->
                new ServerError(
                    401,
                    ServerError.UNAUTHENTICATED,
                    "The request has no bearer token. Send 'Authorization: Bearer <token>'"));
  }

  /** What is said of a token that is not one, or not one any more. */
  public static ServerError refused() {
    return new ServerError(
        401,
        ServerError.UNAUTHENTICATED,
        "The bearer token is not valid. Ask the provider for a new one");
  }
}
