/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A recipient. Immutable.
 *
 * @param id stays when anything else changes
 * @param name its name
 * @param comment who it is
 * @param properties what else the provider wants to note
 * @param ipAccessList the networks that it may come from; empty for any
 * @param oidc which tokens of an identity provider are its own; empty if this server gives it its
 *     tokens
 * @param epoch goes up when all that was issued to it is to end at once
 * @param owner the principal that answers for it
 * @param provenance who made and changed it
 */
public record StoredRecipient(
    String id,
    String name,
    Optional<String> comment,
    Map<String, String> properties,
    List<String> ipAccessList,
    Optional<OidcPolicy> oidc,
    long epoch,
    String owner,
    Provenance provenance) {
  /** What a principal may change of it. */
  public record Details(
      Optional<String> comment,
      Map<String, String> properties,
      List<String> ipAccessList,
      Optional<OidcPolicy> oidc,
      String owner) {}

  public Details details() {
    return new Details(comment, properties, ipAccessList, oidc, owner);
  }
}
