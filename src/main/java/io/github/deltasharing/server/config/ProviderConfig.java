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
 * @param publicationRoot where files that are uploaded become tables, a directory or a place on S3;
 *     empty if they do not
 * @param oidcIssuers the identity providers whose tokens recipients may sign in with
 * @param trustedProxies networks whose {@code X-Forwarded-For} is believed
 */
@PublicApi
public record ProviderConfig(
    Optional<Path> data,
    DatabaseConfig database,
    List<URI> allowedLocations,
    Optional<String> externalUrl,
    Optional<URI> publicationRoot,
    List<String> oidcIssuers,
    List<String> trustedProxies) {
  static final String TABLES = "tables";

  /** Copies the lists. */
  public ProviderConfig {
    allowedLocations = List.copyOf(allowedLocations);
    oidcIssuers = List.copyOf(oidcIssuers);
    trustedProxies = List.copyOf(trustedProxies);
  }

  /**
   * The directory of this machine in which uploaded files are kept and tables' files are written:
   * that of the tables, or one of {@link #data} if these are in an object store.
   */
  public Optional<Path> stagingRoot() {
    return publicationRoot.map(
        root ->
            "file".equals(root.getScheme())
                ? Path.of(root.getPath())
                : data.orElseThrow().resolve(TABLES).toAbsolutePath().normalize());
  }
}
