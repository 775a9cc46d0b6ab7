/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.protocol.codec.UntrustedJson;
import io.github.deltasharing.server.error.ServerError;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A request that a client wants signed. Immutable.
 *
 * @param headers those of the request, by their names in lower case
 * @param state which state of the table the client reads, as a response named it; empty if none
 */
record SignBody(String method, String uri, Map<String, String> headers, String state) {
  /** The property that has the state of the table. */
  static final String STATE = "state";

  private static final Set<String> METHODS = Set.of("GET", "HEAD");
  private static final int MOST_HEADERS = 100;
  private static final int LONGEST_URI = 4096;

  /** Whether it gets no content. */
  boolean isHead() {
    return method.equals("HEAD");
  }

  /** Reads the body of a request; a {@link ServerError} 400 or 403 says what is wrong. */
  static SignBody parse(byte[] body) {
    JsonNode json;
    try {
      json = UntrustedJson.MAPPER.readTree(body);
    } catch (IOException e) {
      throw ServerError.malformed("The request's body is " + UntrustedJson.problem(e));
    }
    if (json == null || !json.isObject()) {
      throw ServerError.malformed("The request's body must be a JSON object");
    }
    String provider = json.path("provider").asText("s3");
    if (!provider.equals("s3") && !json.path("provider").isNull()) {
      throw ServerError.invalid("provider must be s3: requests to no other store are signed");
    }
    String method = text(json, "method");
    if (!METHODS.contains(method)) {
      throw ServerError.forbidden("Only requests with GET and HEAD are signed");
    }
    if (!json.path("body").asText("").isEmpty()) {
      throw ServerError.forbidden("Only requests without a body are signed");
    }
    String uri = text(json, "uri");
    if (uri.length() > LONGEST_URI) {
      throw ServerError.invalid("uri has more than " + LONGEST_URI + " characters");
    }
    return new SignBody(
        method, uri, headers(json.path("headers")), json.path("properties").path(STATE).asText(""));
  }

  private static String text(JsonNode json, String name) {
    if (!json.path(name).isTextual()) {
      throw ServerError.invalid(name + " must be text");
    }
    return json.path(name).asText();
  }

  private static Map<String, String> headers(JsonNode json) {
    if (!json.isObject() || json.size() > MOST_HEADERS) {
      throw ServerError.invalid(
          "headers must be an object of up to %d lists of texts".formatted(MOST_HEADERS));
    }
    Map<String, String> headers = new HashMap<>();
    Iterator<Map.Entry<String, JsonNode>> fields = json.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      String name = field.getKey().toLowerCase(Locale.ROOT);
      JsonNode values = field.getValue();
      boolean one = values.isArray() && values.size() == 1 && values.get(0).isTextual();
      // Of others the values do not matter: they are not signed.
      if (name.startsWith("x-amz-") && !one
          || headers.put(name, one ? values.get(0).asText() : "") != null) {
        throw ServerError.invalid("headers must have each header once, with one text");
      }
    }
    if (headers.containsKey("authorization")) {
      throw ServerError.invalid("The request is signed already: it has the header Authorization");
    }
    return headers;
  }
}
