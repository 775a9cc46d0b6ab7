/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.JsonResponses;
import io.github.deltasharing.server.http.RequestContext;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Liveness and readiness for a process manager: 200 while the server takes requests, without a
 * credential and with nothing of what is shared in it. A server that stops refuses these requests
 * as all others. Stateless.
 */
final class HealthHandler {
  private static final Set<String> PATHS = Set.of("/health/live", "/health/ready");

  private HealthHandler() {}

  /** Whether a path is one of these. */
  static boolean serves(String path) {
    return PATHS.contains(path);
  }

  /** Sends the response and completes the callback. */
  static void handle(Request request, Response response, Callback callback) {
    RequestContext.of(request).endpoint("health");
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      throw new ServerError(
          405, ServerError.UNSUPPORTED_OPERATION, "The health endpoint takes GET and HEAD only");
    }
    JsonResponses.write(
        response, 200, JsonNodeFactory.instance.objectNode().put("status", "up"), callback);
  }
}
