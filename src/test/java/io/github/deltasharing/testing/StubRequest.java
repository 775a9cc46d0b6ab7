/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request as it came.
 *
 * @param target path and query, undecoded; a whole URI where the server is asked as a proxy
 * @param remotePort the client's: the same for requests on the same connection
 */
public record StubRequest(
    String method, String target, Map<String, String> headers, String body, int remotePort) {
  /** A header by its name in any case, or null. */
  public String header(String name) {
    return headers.get(name);
  }

  /** Method and target, for example {@code GET /shares?pageToken=x}. */
  @Override
  public String toString() {
    return method + " " + target;
  }

  static StubRequest of(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name, String.join(",", values)));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    return new StubRequest(
        exchange.getRequestMethod(),
        exchange.getRequestURI().toString(),
        headers,
        body,
        exchange.getRemoteAddress().getPort());
  }
}
