/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.server.api.ApiHandler;
import io.github.deltasharing.server.api.Endpoints;
import io.github.deltasharing.server.api.RootHandler;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.http.AccessLog;
import io.github.deltasharing.server.http.AdmissionControl;
import io.github.deltasharing.server.http.PathRouter;
import io.github.deltasharing.server.http.RequestTurns;
import io.github.deltasharing.server.http.RunningRequests;
import io.github.deltasharing.server.iceberg.CatalogTables;
import io.github.deltasharing.server.iceberg.rest.IcebergCatalog;
import io.github.deltasharing.server.iceberg.rest.IcebergHandler;
import io.github.deltasharing.server.provider.ProviderSide;
import io.github.deltasharing.server.ratelimit.RateLimitedAuthenticator;
import io.github.deltasharing.server.storage.FilesHandler;
import io.github.deltasharing.server.storage.RequestSigner;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;

/**
 * Puts together what serves the paths of a server: the protocols of recipients, their files, the
 * provider's side, metrics. Immutable.
 */
record ServerRoutes(
    ShareConfig config,
    ServerParts parts,
    Optional<ProviderSide> provider,
    Operation operation,
    ServedTables tables,
    AdmissionControl admission,
    RunningRequests running,
    AccessLog log) {

  /** Where every request comes in. */
  RootHandler root() {
    Handler recipients = recipients();
    Handler all =
        provider
            .map(
                side ->
                    side.handler(
                        recipients,
                        parts.limits(),
                        tables.latest(),
                        tables.stores(),
                        operation.rates(),
                        operation.reloader()))
            .orElse(recipients);
    return new RootHandler(
        config.endpoint() + ServedTables.FILES,
        new FilesHandler(parts.shares(), tables.iceberg(), tables.localSigner(), parts.limits()),
        operation.withMetrics(all),
        running,
        parts.limits().connections(),
        operation.readiness(),
        operation.addresses()::text,
        log);
  }

  private Handler recipients() {
    RequestTurns turns =
        new RequestTurns(
            new RateLimitedAuthenticator(parts.authenticator(), operation.rates()),
            parts.limits(),
            admission);
    ApiHandler sharing =
        new ApiHandler(
            config.endpoint(),
            parts.shares(),
            turns,
            Endpoints.of(
                tables.sources(),
                tables.storages(),
                tables.vendors(),
                config.settings(),
                parts.limits(),
                tables.key(),
                parts.clock()));
    if (!config.settings().icebergCatalog()) {
      return sharing;
    }
    IcebergCatalog catalog =
        new IcebergCatalog(
            new CatalogTables(tables.sources(), tables.stores(), tables.iceberg()),
            new RequestSigner(tables.stores(), parts.clock()),
            tables.vendors(),
            config.settings(),
            tables.key(),
            parts.clock());
    IcebergHandler iceberg = catalog.handler(parts.shares(), turns);
    return new PathRouter(sharing, Map.of(IcebergHandler.PATH, iceberg));
  }
}
