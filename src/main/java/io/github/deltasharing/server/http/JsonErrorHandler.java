/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import io.github.deltasharing.server.error.ServerError;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * The error body for requests that Jetty refuses before any handler sees them. Says nothing but the
 * kind of failure, and gives them their place in the access log. Safe for use by several threads.
 */
public final class JsonErrorHandler extends ErrorHandler {
  private final Consumer<AccessRecord> observer;

  public JsonErrorHandler(Consumer<AccessRecord> observer) {
    this.observer = observer;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    if (status == HttpStatus.NOT_MODIFIED_304) {
      // No error: Jetty's file service ends this way too.
      response.write(true, null, callback);
      return true;
    }
    ServerError error =
        status >= 500
            ? new ServerError(
                status, ServerError.INTERNAL_ERROR, "The server failed to handle the request")
            : new ServerError(
                status < 400 ? 400 : status,
                ServerError.MALFORMED_REQUEST,
                "The request is malformed");
    if (RequestContext.of(request) != null) {
      JsonResponses.error(request, response, error, callback);
      return true;
    }
    // Jetty ends the connection of what it cannot read: a client that is not told loses its next
    // request.
    response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
    RequestContext context = RequestContext.start(request);
    response.getHeaders().put(RequestContext.REQUEST_ID, context.requestId());
    JsonResponses.error(
        request, new RecordedResponse(request, response, context, observer), error, callback);
    return true;
  }
}
