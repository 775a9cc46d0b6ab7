/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg.rest;

import io.github.deltasharing.server.auth.Signer;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.http.RequestTurns;
import io.github.deltasharing.server.iceberg.CatalogTables;
import io.github.deltasharing.server.share.ShareViews;
import io.github.deltasharing.server.storage.CredentialVendors;
import io.github.deltasharing.server.storage.RequestSigner;
import java.time.Clock;
import java.time.Duration;

/**
 * The parts that the catalog of a server's shares is made of. Immutable.
 *
 * @param tables what there is to read
 * @param signer signs requests to stores
 * @param vendors give credentials to them
 * @param key signs what clients bring back
 */
public record IcebergCatalog(
    CatalogTables tables,
    RequestSigner signer,
    CredentialVendors vendors,
    ServerSettings settings,
    Signer key,
    Clock clock) {

  /** What serves the catalog. */
  public IcebergHandler handler(ShareViews shares, RequestTurns turns) {
    StateTokens states =
        new StateTokens(key, Duration.ofSeconds(settings.preSignedUrlTimeoutSeconds()), clock);
    return new IcebergHandler(
        shares,
        turns,
        new CatalogLists(new ListedTables(tables, signer, clock)),
        new TableEndpoint(tables, new TableAccessConfig(vendors, signer, states), signer, states));
  }
}
