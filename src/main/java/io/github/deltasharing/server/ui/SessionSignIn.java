/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.ui;

import io.github.deltasharing.server.admin.AdminSignIn;
import io.github.deltasharing.server.auth.BearerHeader;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.auth.SecretToken;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.store.SignInStore.SignedIn;
import io.github.deltasharing.server.store.StoredPrincipal;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Signs principals in to the admin API by their session at the page, unless a request has a token.
 * What changes something must come from this server's page, and say what only that page knows. Safe
 * for use by several threads.
 */
final class SessionSignIn implements AdminSignIn {
  static final String CSRF_HEADER = "X-CSRF-Token";
  private static final Set<String> READING = Set.of("GET", "HEAD");

  private final AdminSignIn byToken;
  private final PageSessions sessions;
  private final SessionCookie cookie;
  private final Optional<String> externalUrl;

  /**
   * Creates the sign-in.
   *
   * @param byToken takes requests that have a token, and those that have neither
   * @param externalUrl what browsers reach this server by; empty for what a request named
   */
  SessionSignIn(
      AdminSignIn byToken,
      PageSessions sessions,
      SessionCookie cookie,
      Optional<String> externalUrl) {
    this.byToken = byToken;
    this.sessions = sessions;
    this.cookie = cookie;
    this.externalUrl = externalUrl;
  }

  @Override
  public StoredPrincipal authenticate(Request request) {
    Optional<String> id = cookie.of(request);
    if (BearerHeader.find(request).isPresent() || id.isEmpty()) {
      return byToken.authenticate(request);
    }
    return require(request, id.get()).principal();
  }

  /** Whose a request's session is, or a {@link ServerError}. */
  SignedIn require(Request request, String id) {
    refuseOtherSites(request);
    SignedIn signedIn = sessions.find(id).orElseThrow(SessionSignIn::ended);
    // Before it may be refused: the audit names whose session is abused.
    note(request, signedIn);
    if (!READING.contains(request.getMethod())) {
      String given = Optional.ofNullable(request.getHeaders().get(CSRF_HEADER)).orElse("");
      if (!SecretToken.isSame(given, PageSessions.csrfToken(id))) {
        throw ServerError.forbidden(
            "A change by a session needs its token in the header "
                + CSRF_HEADER
                + ". Load the page again");
      }
    }
    return signedIn;
  }

  /** Says for the audit who sends a request. */
  static void note(Request request, SignedIn signedIn) {
    RequestContext.of(request)
        .sender(new Principal("admin-" + signedIn.principal().id()), signedIn.principal().name());
  }

  static ServerError ended() {
    return new ServerError(
        401, ServerError.UNAUTHENTICATED, "You are not signed in, or not any more. Sign in again");
  }

  /**
   * Refuses what a page of another site sends.
   *
   * @throws ServerError 403
   */
  void refuseOtherSites(Request request) {
    String site = request.getHeaders().get("Sec-Fetch-Site");
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    boolean ownSite =
        site == null
            || site.equals("same-origin")
            // Typed in by the user.
            || (site.equals("none") && READING.contains(request.getMethod()));
    if (!ownSite || (origin != null && !isOwn(origin, request))) {
      throw ServerError.forbidden(
          "The request comes from a page of another site. Use this server's own page; if it is"
              + " behind a proxy, set externalUrl in its configuration");
    }
  }

  /** By the host alone where a proxy may have ended TLS. */
  private boolean isOwn(String origin, Request request) {
    String host = request.getHeaders().get(HttpHeader.HOST);
    String lower = origin.toLowerCase(Locale.ROOT);
    return externalUrl.filter(url -> url.equalsIgnoreCase(origin)).isPresent()
        || (host != null
            && (lower.equals("http://" + host.toLowerCase(Locale.ROOT))
                || lower.equals("https://" + host.toLowerCase(Locale.ROOT))));
  }
}
