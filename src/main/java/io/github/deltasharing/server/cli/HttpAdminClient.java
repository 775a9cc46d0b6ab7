/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.admin.AdminHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * The admin API of a server that runs. Follows no redirect: these would get the token. Used by one
 * thread.
 */
final class HttpAdminClient implements AdminClient {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration RESPONSE = Duration.ofMinutes(2);
  private static final int LONGEST_RESPONSE = 64 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI server;
  private final String token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * Creates the client.
   *
   * @param server scheme, host and port, and the path of a proxy before the server's if there is
   *     one
   */
  HttpAdminClient(URI server, String token) {
    this.server = server;
    this.token = token;
  }

  @Override
  public ObjectNode send(ApiRequest request) {
    BodyPublisher body =
        request
            .body()
            .map(json -> BodyPublishers.ofString(json.toString()))
            .orElseGet(BodyPublishers::noBody);
    HttpRequest.Builder builder = builder(request).timeout(RESPONSE);
    if (request.body().isPresent()) {
      builder.header("Content-Type", "application/json");
    }
    return send(builder.method(request.method(), body).build());
  }

  @Override
  public ObjectNode upload(ApiRequest request, Path file, LongConsumer sent) {
    try {
      BodyPublisher bytes =
          BodyPublishers.ofInputStream(
              () -> {
                try {
                  return new CountedInput(Files.newInputStream(file), sent);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      long length = Files.size(file);
      return send(
          builder(request)
              .header("Content-Type", "application/octet-stream")
              .method(
                  request.method(),
                  length == 0
                      ? BodyPublishers.noBody()
                      : BodyPublishers.fromPublisher(bytes, length))
              .build());
    } catch (IOException e) {
      throw CommandException.failed("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private HttpRequest.Builder builder(ApiRequest request) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(server + AdminHandler.PATH + request.target()))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json");
    request.ifMatch().ifPresent(version -> builder.header("If-Match", version));
    return builder;
  }

  private ObjectNode send(HttpRequest request) {
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      byte[] body;
      try (InputStream in = response.body()) {
        body = in.readNBytes(LONGEST_RESPONSE);
      }
      JsonNode json = json(body);
      if (response.statusCode() / 100 != 2) {
        throw refusal(response, json);
      }
      if (json instanceof ObjectNode object) {
        return object;
      }
      throw CommandException.failed(server + " sends no JSON: is it a server with a store?");
    } catch (IOException e) {
      throw CommandException.failed(
          "Cannot reach " + server + ": " + reason(e) + ". Is the server running?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("Interrupted", e);
    }
  }

  private static JsonNode json(byte[] body) throws IOException {
    try {
      return body.length == 0 ? JsonNodeFactory.instance.objectNode() : JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.missingNode();
    }
  }

  private CommandException refusal(HttpResponse<?> response, JsonNode json) {
    String id = response.headers().firstValue("x-request-id").map(i -> ", request " + i).orElse("");
    JsonNode message = json.path("message");
    return CommandException.failed(
        (message.isTextual() ? message.textValue() : server + " refused the request")
            + " ("
            + response.statusCode()
            + (json.path("errorCode").isTextual() ? " " + json.get("errorCode").textValue() : "")
            + id
            + ")");
  }

  private static String reason(IOException e) {
    if (e instanceof ConnectException && e.getMessage() == null) {
      return "nobody listens there";
    }
    Throwable root = e;
    while (root.getCause() != null && root.getMessage() == null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  @Override
  public void close() {
    // Its threads end with the process.
  }
}
