/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.ui;

import io.github.deltasharing.server.admin.AdminAuthenticator;
import io.github.deltasharing.server.admin.AdminSignIn;
import io.github.deltasharing.server.config.ServerLimits;
import io.github.deltasharing.server.http.Backlog;
import io.github.deltasharing.server.http.PathRouter;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.recipient.ClientAddress;
import io.github.deltasharing.server.store.Database;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The provider's page: its files and its sessions. Safe for use by several threads. */
public final class PageHandler implements PathRouter.Mount {
  public static final String PATH = "/ui";
  private static final String SESSION = "session";
  private static final String INDEX = "index.html";

  private final PageFiles files = new PageFiles();
  private final SessionSignIn signIn;
  private final SessionEndpoint session;
  private final ServerLimits limits;

  /**
   * Creates the handler.
   *
   * @param tokens knows principals by their tokens
   * @param addresses where clients are
   * @param externalUrl what browsers reach this server by; empty for what a request named
   */
  public PageHandler(
      Database database,
      AdminAuthenticator tokens,
      ClientAddress addresses,
      Optional<String> externalUrl,
      ServerLimits limits,
      Clock clock) {
    SessionCookie cookie =
        new SessionCookie(externalUrl.filter(url -> url.startsWith("https:")).isPresent());
    PageSessions sessions = new PageSessions(database, tokens, clock);
    this.signIn = new SessionSignIn(tokens, sessions, cookie, externalUrl);
    this.session =
        new SessionEndpoint(sessions, signIn, cookie, new SignInAttempts(clock), addresses, limits);
    this.limits = limits;
  }

  /** Signs principals in to the admin API, by their tokens or by their sessions. */
  public AdminSignIn signIn() {
    return signIn;
  }

  @Override
  public void handle(String path, Request request, Response response, Callback callback) {
    RequestContext context = RequestContext.of(request);
    context.backlog(new Backlog(limits.responseRate(), limits.responseGrace()));
    if (path.equals(SESSION)) {
      context.endpoint("pageSession");
      session.handle(request, response, callback);
    } else {
      context.endpoint("page");
      files.send(path.isEmpty() ? INDEX : path, request, response, callback);
    }
  }
}
