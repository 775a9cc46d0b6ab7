/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.server.auth.Authenticator;
import io.github.deltasharing.server.auth.BearerAuthenticator;
import io.github.deltasharing.server.config.ServerLimits;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.reload.ReloadablePart;
import io.github.deltasharing.server.share.ConfiguredShares;
import io.github.deltasharing.server.share.ShareViews;
import java.time.Clock;

/**
 * The parts of a server that may be others than those of its configuration. Immutable.
 *
 * @param authenticator finds out who sends a request
 * @param shares who sees what
 * @param limits what clients get at most
 * @param clock says what has expired
 * @param reloadable takes another configuration for the authenticator and the shares
 */
record ServerParts(
    Authenticator authenticator,
    ShareViews shares,
    ServerLimits limits,
    Clock clock,
    ReloadablePart reloadable) {

  /** What a configuration says: one bearer token, whose holders see everything. */
  static ServerParts of(ShareConfig config) {
    ConfiguredShares everything = new ConfiguredShares(config.shares());
    BearerAuthenticator bearer = new BearerAuthenticator(config.bearerToken());
    return new ServerParts(
        bearer,
        principal -> everything.now(),
        ServerLimits.of(config.settings()),
        Clock.systemUTC(),
        next ->
            () -> {
              bearer.replace(next.bearerToken());
              everything.replace(next.shares());
            });
  }

  ServerParts withAuthenticator(Authenticator other) {
    return new ServerParts(other, shares, limits, clock, reloadable);
  }

  ServerParts withShares(ShareViews others) {
    return new ServerParts(authenticator, others, limits, clock, reloadable);
  }

  ServerParts withLimits(ServerLimits others) {
    return new ServerParts(authenticator, shares, others, clock, reloadable);
  }

  ServerParts withClock(Clock other) {
    return new ServerParts(authenticator, shares, limits, other, reloadable);
  }

  ServerParts withReloadable(ReloadablePart other) {
    return new ServerParts(authenticator, shares, limits, clock, other);
  }
}
