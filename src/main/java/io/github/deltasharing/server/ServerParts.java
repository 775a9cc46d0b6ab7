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
import io.github.deltasharing.server.share.ShareViews;
import io.github.deltasharing.server.share.Shares;
import java.time.Clock;

/**
 * The parts of a server that may be others than those of its configuration. Immutable.
 *
 * @param authenticator finds out who sends a request
 * @param shares who sees what
 * @param limits what clients get at most
 * @param clock says what has expired
 */
record ServerParts(
    Authenticator authenticator, ShareViews shares, ServerLimits limits, Clock clock) {

  /** What a configuration says: one bearer token, whose holders see everything. */
  static ServerParts of(ShareConfig config) {
    Shares everything = new Shares(config.shares());
    return new ServerParts(
        new BearerAuthenticator(config.bearerToken()),
        principal -> everything,
        ServerLimits.of(config.settings()),
        Clock.systemUTC());
  }

  ServerParts withAuthenticator(Authenticator other) {
    return new ServerParts(other, shares, limits, clock);
  }

  ServerParts withShares(ShareViews others) {
    return new ServerParts(authenticator, others, limits, clock);
  }

  ServerParts withLimits(ServerLimits others) {
    return new ServerParts(authenticator, shares, others, clock);
  }

  ServerParts withClock(Clock other) {
    return new ServerParts(authenticator, shares, limits, other);
  }
}
