/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A principal of the provider's side. Immutable.
 *
 * @param id stays when anything else changes
 * @param name its name
 * @param role what it may do
 * @param tokenHash the hash of its token
 * @param lastUsedAt when the token was used last, to a minute
 * @param provenance who made and changed it
 */
public record StoredPrincipal(
    String id,
    String name,
    AdminRole role,
    String tokenHash,
    Optional<Instant> lastUsedAt,
    Provenance provenance) {
  /** Without the hash. */
  @Override
  public String toString() {
    return "StoredPrincipal[" + name + ", " + role + "]";
  }
}
