/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.metrics;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.PathRouter;
import io.github.deltasharing.server.http.RequestContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Serves the metrics to those who may read them. Safe for use by several threads. */
public final class MetricsHandler implements PathRouter.Mount {
  public static final String PATH = "/metrics";

  private final ServerMetrics metrics;
  private final Consumer<Request> permission;

  /**
   * Creates the handler.
   *
   * @param permission throws a {@link ServerError} for who may not read them
   */
  public MetricsHandler(ServerMetrics metrics, Consumer<Request> permission) {
    this.metrics = metrics;
    this.permission = permission;
  }

  @Override
  public void handle(String rest, Request request, Response response, Callback callback) {
    RequestContext.of(request).endpoint("metrics");
    permission.accept(request);
    if (!rest.isEmpty()) {
      throw ServerError.notFound("There is nothing below " + PATH);
    }
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      throw new ServerError(
          405, ServerError.UNSUPPORTED_OPERATION, "Metrics are served to GET and HEAD only");
    }
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    response.setStatus(200);
    response.write(
        true, ByteBuffer.wrap(metrics.scrape().getBytes(StandardCharsets.UTF_8)), callback);
  }
}
