/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.protocol.ErrorResponse;
import io.github.deltasharing.protocol.codec.ErrorResponseCodec;
import io.github.deltasharing.server.error.ServerError;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Writes small JSON responses, errors among them. Stateless. */
public final class JsonResponses {
  private JsonResponses() {}

  /** Sends a JSON object and completes the callback. */
  public static void write(Response response, int status, JsonNode json, Callback callback) {
    byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8");
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  /** Sends the protocol's error body and completes the callback. */
  static void error(Request request, Response response, ServerError error, Callback callback) {
    RequestContext context = RequestContext.of(request);
    if (context != null) {
      context.errorCode(error.errorCode());
    }
    if (error.status() == 401) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
    }
    if ((error.status() == 503 || error.status() == 429)
        && !response.getHeaders().contains(HttpHeader.RETRY_AFTER)) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, error.retryAfterSeconds());
    }
    JsonNode body = context == null ? errorBody(error) : context.errorBody(error);
    write(response, error.status(), body, callback);
  }

  /** A refusal as the Delta Sharing protocol has it. */
  static JsonNode errorBody(ServerError error) {
    return ErrorResponseCodec.write(new ErrorResponse(error.errorCode(), error.getMessage()));
  }
}
