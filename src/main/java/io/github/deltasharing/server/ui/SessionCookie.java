/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.ui;

import java.util.Optional;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * The cookie with a session's secret: scripts do not see it, pages of others do not send it, and
 * over TLS no other host sets it. Immutable.
 *
 * @param tlsOutside whether browsers reach the server by https, whatever a proxy does
 */
record SessionCookie(boolean tlsOutside) {
  private static final String NAME = "sharing-session";
  private static final String SECURE_NAME = "__Host-" + NAME;
  private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict";

  /** The secret that a request came with, if it has the shape of one. */
  Optional<String> of(Request request) {
    String name = name(request);
    return Request.getCookies(request).stream()
        .filter(cookie -> cookie.getName().equals(name))
        .map(HttpCookie::getValue)
        .filter(value -> value.matches("[A-Za-z0-9_-]{43}"))
        .findFirst();
  }

  /** Ends with the browser; the server ends the session before that. */
  void set(Request request, Response response, String secret) {
    add(request, response, secret, "");
  }

  void clear(Request request, Response response) {
    add(request, response, "", "; Max-Age=0");
  }

  private void add(Request request, Response response, String value, String age) {
    response
        .getHeaders()
        .add(
            HttpHeader.SET_COOKIE,
            name(request) + "=" + value + ATTRIBUTES + (isSecure(request) ? "; Secure" : "") + age);
  }

  private String name(Request request) {
    return isSecure(request) ? SECURE_NAME : NAME;
  }

  private boolean isSecure(Request request) {
    return tlsOutside || request.isSecure();
  }
}
