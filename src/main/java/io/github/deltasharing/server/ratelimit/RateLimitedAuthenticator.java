/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.ratelimit;

import io.github.deltasharing.server.auth.Authenticator;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.http.RequestContext;
import org.eclipse.jetty.server.Request;

/**
 * Knows senders as another authenticator does, and takes no more of their requests than they may
 * send. Safe for use by several threads.
 */
public final class RateLimitedAuthenticator implements Authenticator {
  private final Authenticator authenticator;
  private final RateLimits limits;

  public RateLimitedAuthenticator(Authenticator authenticator, RateLimits limits) {
    this.authenticator = authenticator;
    this.limits = limits;
  }

  @Override
  public Principal authenticate(Request request) {
    Principal principal = limits.signIn(request, () -> authenticator.authenticate(request));
    // Before it may be refused: the audit names who sent too much.
    RequestContext.of(request).principal(principal);
    limits.count(principal, request);
    return principal;
  }
}
