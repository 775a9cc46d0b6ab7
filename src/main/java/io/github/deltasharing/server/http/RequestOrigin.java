/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import org.eclipse.jetty.server.Request;

/** What a client reaches this server by. Stateless. */
public final class RequestOrigin {
  private RequestOrigin() {}

  /** Scheme by the connection, authority as the client named it. */
  public static String of(Request request) {
    String host = Request.getServerName(request);
    int port = Request.getServerPort(request);
    boolean standard = port == (request.isSecure() ? 443 : 80);
    return (request.isSecure() ? "https://" : "http://") + host + (standard ? "" : ":" + port);
  }
}
