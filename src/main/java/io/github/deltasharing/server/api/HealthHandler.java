/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.JsonResponses;
import io.github.deltasharing.server.http.Readiness;
import io.github.deltasharing.server.http.RequestContext;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Liveness and readiness for a process manager, without a credential and with nothing of what is
 * shared in it: alive as long as it answers, ready unless it stops or its database is away. Safe
 * for use by several threads.
 */
final class HealthHandler {
  private static final String READY = "/health/ready";
  private static final Set<String> PATHS = Set.of("/health/live", READY);

  private final Readiness readiness;

  HealthHandler(Readiness readiness) {
    this.readiness = readiness;
  }

  /** Whether a path is one of these. */
  static boolean serves(String path) {
    return PATHS.contains(path);
  }

  /** Sends the response and completes the callback. */
  void handle(Request request, Response response, Callback callback) {
    RequestContext.of(request).endpoint("health");
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      throw new ServerError(
          405, ServerError.UNSUPPORTED_OPERATION, "The health endpoint takes GET and HEAD only");
    }
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    if (readiness.isStopping()) {
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
    }
    Optional<String> problem =
        READY.equals(request.getHttpURI().getPath()) ? readiness.problem() : Optional.empty();
    ObjectNode json =
        JsonNodeFactory.instance.objectNode().put("status", problem.isPresent() ? "down" : "up");
    problem.ifPresent(reason -> json.put("reason", reason));
    JsonResponses.write(response, problem.isPresent() ? 503 : 200, json, callback);
  }
}
