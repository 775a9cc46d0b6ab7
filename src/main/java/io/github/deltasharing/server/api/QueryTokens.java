/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.PageToken;
import io.github.deltasharing.protocol.codec.PageTokenCodec;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.SharedTable;

/**
 * The page and refresh tokens of queries: each belongs to one table and one set of parameters.
 * Immutable, safe for use by several threads.
 */
record QueryTokens(OpaqueTokens tokens, ServerSettings settings) {

  /**
   * What is in a token; a {@link ServerError} 400 when it belongs elsewhere or is old.
   *
   * @param fingerprint of the request's parameters
   */
  <T extends PageToken.OfTable> T open(
      PageTokenCodec<T> codec,
      Principal principal,
      String token,
      SharedTable table,
      String fingerprint) {
    T opened = tokens.open(codec, principal, token);
    if (!opened.table().equals(table.identity())) {
      throw ServerError.invalid(
          codec.parameter() + " belongs to another table. Ask again without it");
    }
    if (!opened.query().equals(fingerprint)) {
      throw ServerError.invalid(
          codec.parameter()
              + " belongs to a query with other parameters. Send those of the first page again");
    }
    return opened;
  }

  /** Makes a token of a page. */
  <T extends PageToken.OfTable> String page(PageTokenCodec<T> codec, Principal principal, T token) {
    return tokens.issue(codec, principal, token, settings.queryTablePageTokenTtlMs());
  }

  /** Makes a refresh token. */
  String refresh(Principal principal, PageToken.OfRefresh token) {
    return tokens.issue(PageTokenCodec.REFRESH, principal, token, settings.refreshTokenTtlMs());
  }
}
