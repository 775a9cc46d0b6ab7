/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

/** Requests to a server under test. */
public final class ServerClient {
  public static final ObjectMapper MAPPER = new ObjectMapper();
  static final String DELTA_ALL =
      "responseformat=delta;readerfeatures=deletionvectors,columnmapping,timestampntz";
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI endpoint;

  public ServerClient(SharingServer server) {
    this.endpoint = server.uri();
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send(request(path, headers).GET().build());
  }

  public HttpResponse<String> post(String path, String body, String... headers) {
    return send(request(path, headers).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  public HttpResponse<String> query(String table, String body, String... headers) {
    return post(
        "/shares/Retail/schemas/" + table.replace(".", "/tables/") + "/query", body, headers);
  }

  public HttpResponse<String> changes(String table, String parameters, String... headers) {
    return get(
        "/shares/Retail/schemas/" + table.replace(".", "/tables/") + "/changes?" + parameters,
        headers);
  }

  /** A request that carries the token, unless the headers have another. */
  public HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(endpoint + path));
    if (!List.of(headers).contains("Authorization")) {
      builder.header("Authorization", "Bearer " + ServerTables.TOKEN);
    }
    return headers.length == 0 ? builder : builder.headers(headers);
  }

  public static HttpResponse<String> send(HttpRequest request) {
    return send(request, BodyHandlers.ofString());
  }

  public static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return HTTP.send(request, handler);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** GETs a signed URL, without the token. */
  public static HttpResponse<byte[]> fetch(String url, String... headers) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url));
    return send(
        headers.length == 0 ? builder.build() : builder.headers(headers).build(),
        BodyHandlers.ofByteArray());
  }

  public static JsonNode json(HttpResponse<String> response) {
    return tree(response.body());
  }

  public static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The answer's lines that have this action, each the action's object. */
  public static List<JsonNode> actions(HttpResponse<String> response, String name) {
    List<JsonNode> found = new ArrayList<>();
    for (String line : response.body().split("\n", -1)) {
      if (!line.isEmpty() && tree(line).has(name)) {
        found.add(tree(line).get(name));
      }
    }
    return found;
  }

  public static String errorCode(HttpResponse<String> response) {
    return json(response).path("errorCode").asText();
  }

  public static String message(HttpResponse<String> response) {
    return json(response).path("message").asText();
  }
}
