/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.deltasharing.server.config.ServerLimits;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.Backlog;
import io.github.deltasharing.server.http.JsonResponses;
import io.github.deltasharing.server.http.PathRouter;
import io.github.deltasharing.server.http.RequestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Serves the API's document, which is the same on every server and needs no sign-in. Safe for use
 * by several threads.
 */
public final class ApiDocsHandler implements PathRouter.Mount {
  public static final String JSON_PATH = "/api-docs";
  public static final String YAML_PATH = "/api-docs.yaml";

  private final ServerLimits limits;
  private final boolean yaml;
  private final ObjectNode document = ApiDocument.read();

  /** Creates the handler, of YAML or JSON. */
  public ApiDocsHandler(ServerLimits limits, boolean yaml) {
    this.limits = limits;
    this.yaml = yaml;
  }

  @Override
  public void handle(String rest, Request request, Response response, Callback callback)
      throws IOException {
    RequestContext context = RequestContext.of(request);
    context.backlog(new Backlog(limits.responseRate(), limits.responseGrace()));
    context.endpoint("apiDocs");
    if (!rest.isEmpty()) {
      throw ServerError.notFound("The API's document is at " + JSON_PATH + " and " + YAML_PATH);
    }
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      throw new ServerError(
          405, ServerError.UNSUPPORTED_OPERATION, "The API's document is served to GET only");
    }
    if (yaml) {
      response.setStatus(200);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/yaml");
      byte[] text = new YAMLMapper().writeValueAsString(document).getBytes(StandardCharsets.UTF_8);
      response.write(true, ByteBuffer.wrap(text), callback);
    } else {
      JsonResponses.write(response, 200, document, callback);
    }
  }
}
