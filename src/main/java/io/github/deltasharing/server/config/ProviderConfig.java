/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import io.github.deltasharing.annotation.PublicApi;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a server needs that has a store of shares, recipients and grants. Immutable.
 *
 * @param data the directory of the embedded database and of the first admin token
 * @param database the database
 * @param allowedLocations below which directories tables may be shared by the admin API
 * @param externalUrl scheme, host and port of activation links and profiles; empty for those of the
 *     request
 * @param publicationRoot where files that are uploaded become tables; empty if they do not
 * @param oidcIssuers the identity providers whose tokens recipients may sign in with
 * @param trustedProxies networks whose {@code X-Forwarded-For} is believed
 */
@PublicApi
public record ProviderConfig(
    Optional<Path> data,
    DatabaseConfig database,
    List<URI> allowedLocations,
    Optional<String> externalUrl,
    Optional<Path> publicationRoot,
    List<String> oidcIssuers,
    List<String> trustedProxies) {
  /** Copies the lists. */
  public ProviderConfig {
    allowedLocations = List.copyOf(allowedLocations);
    oidcIssuers = List.copyOf(oidcIssuers);
    trustedProxies = List.copyOf(trustedProxies);
  }
}
