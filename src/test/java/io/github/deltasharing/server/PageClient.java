/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * What a browser with a session at the page sends. Immutable.
 *
 * @param origin where the server is
 * @param cookie the session's cookie, as it is sent
 * @param csrf what its page sends with changes
 */
record PageClient(URI origin, String cookie, String csrf) {
  private static final String ADMIN = "/api/2.1/opensharing/provider";

  static PageClient signedIn(ProviderServer server, String token) {
    HttpResponse<String> response = signIn(server, token);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    String cookie = response.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    return new PageClient(
        server.origin(), cookie, ServerClient.json(response).path("csrf_token").asText());
  }

  static HttpResponse<String> signIn(ProviderServer server, String token, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.origin() + "/ui/session"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"token\":\"" + token + "\"}"));
    return ServerClient.send((headers.length == 0 ? request : request.headers(headers)).build());
  }

  /** The same browser at another server of the same name. */
  PageClient at(ProviderServer server) {
    return new PageClient(server.origin(), cookie, csrf);
  }

  /** A request to the admin API as the page sends it. */
  HttpResponse<String> send(String method, String path, String body, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("X-CSRF-Token", csrf));
    return bare(method, ADMIN + path, body, all.toArray(String[]::new));
  }

  /** A request with the cookie and nothing else of the page's. */
  HttpResponse<String> bare(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin + path))
            .header("Cookie", cookie)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    return ServerClient.send((headers.length == 0 ? request : request.headers(headers)).build());
  }

  /** Who is signed in. */
  HttpResponse<String> session() {
    return bare("GET", "/ui/session", "");
  }

  JsonNode done(String method, String path, String body) {
    HttpResponse<String> response = send(method, path, body);
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 204);
    return ServerClient.json(response);
  }
}
