/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.server.auth.Signer;
import io.github.deltasharing.server.config.ServerLimits;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.share.TableSources;
import io.github.deltasharing.server.storage.CredentialVendors;
import io.github.deltasharing.server.storage.TableStorages;
import io.github.deltasharing.server.storage.UrlIssuer;
import java.time.Clock;

/** What the routes of the REST API lead to. Safe for use by several threads. */
public record Endpoints(
    ListEndpoints lists,
    TableEndpoints tables,
    AsyncQueryEndpoint queries,
    ChangesEndpoint changes,
    CredentialsEndpoint credentials) {

  /**
   * The endpoints of one server.
   *
   * @param key signs the tokens
   * @param clock says what has expired
   */
  public static Endpoints of(
      TableSources sources,
      TableStorages storages,
      CredentialVendors vendors,
      ServerSettings settings,
      ServerLimits limits,
      Signer key,
      Clock clock) {
    OpaqueTokens tokens = new OpaqueTokens(key, clock);
    TableVersions versions = new TableVersions(sources);
    UrlIssuer issuer = new UrlIssuer(storages, settings, clock);
    QueryTokens queryTokens = new QueryTokens(tokens, settings);
    QueryEndpoint query =
        new QueryEndpoint(
            versions, settings, issuer, queryTokens, new HintBudget(limits.hintTime()));
    return new Endpoints(
        new ListEndpoints(tokens),
        new TableEndpoints(versions),
        new AsyncQueryEndpoint(query, new AsyncQueries(settings, clock), settings),
        new ChangesEndpoint(versions, settings, issuer, queryTokens),
        new CredentialsEndpoint(vendors));
  }
}
