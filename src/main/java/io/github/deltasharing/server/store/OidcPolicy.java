/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.util.List;

/**
 * Which tokens of an identity provider are a recipient's. Immutable.
 *
 * @param issuer who issues them
 * @param audiences one of which they are for
 * @param subjectClaim the claim that names the recipient
 * @param subject what the claim says
 */
public record OidcPolicy(
    String issuer, List<String> audiences, String subjectClaim, String subject) {
  /** Copies the list. */
  public OidcPolicy {
    audiences = List.copyOf(audiences);
  }
}
