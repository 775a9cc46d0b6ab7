/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A request to the admin API. Immutable, but for its JSON.
 *
 * @param method the HTTP method
 * @param path the segments of its path below the API's, not encoded
 * @param query its parameters
 * @param body its JSON, empty for none
 * @param ifMatch the version that is to be changed
 */
record ApiRequest(
    String method,
    List<String> path,
    Map<String, List<String>> query,
    Optional<ObjectNode> body,
    Optional<String> ifMatch) {

  static ApiRequest get(String... path) {
    return new ApiRequest("GET", List.of(path), Map.of(), Optional.empty(), Optional.empty());
  }

  static ApiRequest delete(String... path) {
    return new ApiRequest("DELETE", List.of(path), Map.of(), Optional.empty(), Optional.empty());
  }

  static ApiRequest post(ObjectNode body, String... path) {
    return new ApiRequest("POST", List.of(path), Map.of(), Optional.of(body), Optional.empty());
  }

  static ApiRequest patch(ObjectNode body, String... path) {
    return new ApiRequest("PATCH", List.of(path), Map.of(), Optional.of(body), Optional.empty());
  }

  /** With another parameter; without a value, the same. */
  ApiRequest with(String name, String value) {
    if (value == null) {
      return this;
    }
    Map<String, List<String>> more = new LinkedHashMap<>(query);
    List<String> values = new ArrayList<>(more.getOrDefault(name, List.of()));
    values.add(value);
    more.put(name, values);
    return new ApiRequest(method, path, more, body, ifMatch);
  }

  /** With another parameter of several values. */
  ApiRequest with(String name, List<String> values) {
    ApiRequest request = this;
    for (String value : values) {
      request = request.with(name, value);
    }
    return request;
  }

  /** In place of any other value. */
  ApiRequest page(String token) {
    Map<String, List<String>> more = new LinkedHashMap<>(query);
    more.put("pageToken", List.of(token));
    return new ApiRequest(method, path, more, body, ifMatch);
  }

  /** Refused if the version is another; null for any. */
  ApiRequest ifVersion(Long version) {
    return new ApiRequest(
        method, path, query, body, Optional.ofNullable(version).map(v -> "\"" + v + "\""));
  }

  /** Path and query, encoded, with a slash before each segment. */
  String target() {
    String encoded = path.stream().map(s -> "/" + encode(s)).collect(Collectors.joining());
    String parameters =
        query.entrySet().stream()
            .flatMap(entry -> entry.getValue().stream().map(v -> entry.getKey() + "=" + encode(v)))
            .collect(Collectors.joining("&"));
    return parameters.isEmpty() ? encoded : encoded + "?" + parameters;
  }

  private static String encode(String text) {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    // Clients and proxies take such segments for steps in the path.
    return encoded.matches("\\.+") ? encoded.replace(".", "%2E") : encoded;
  }
}
