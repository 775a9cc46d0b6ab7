/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.oidc;

import java.util.List;
import java.util.Map;

/**
 * What a token says that was verified. Immutable.
 *
 * @param issuer who says it
 * @param audiences whom the token is for
 * @param claims all of it
 */
public record OidcClaims(String issuer, List<String> audiences, Map<String, Object> claims) {
  /** The texts of a claim: one, those of a list, or none. */
  public List<String> values(String claim) {
    Object value = claims.get(claim);
    if (value instanceof String text) {
      return List.of(text);
    }
    return value instanceof List<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }

  /** Whether the token is for one of these. */
  public boolean isFor(List<String> others) {
    return audiences.stream().anyMatch(others::contains);
  }
}
