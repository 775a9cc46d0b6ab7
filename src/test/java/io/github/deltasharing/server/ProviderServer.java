/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.DatabaseConfig;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.ShareConfigBuilder;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.testing.MovableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A server with a store in a directory, tables of which are below {@code tables}, and what its
 * principals and recipients send to it.
 */
public final class ProviderServer implements AutoCloseable {
  private static final String ADMIN = "/api/2.1/opensharing/provider";

  private final SharingServer server;
  private final Path directory;
  private final String token;
  private final List<AccessRecord> records = new CopyOnWriteArrayList<>();

  private ProviderServer(Path directory, MovableClock clock, ShareConfig config) {
    this.directory = directory;
    this.server = SharingServer.start(config, records::add, clock);
    try {
      token = Files.readString(directory.resolve("data/admin-token")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server with an embedded database. */
  public static ProviderServer start(
      Path directory, MovableClock clock, Consumer<ShareConfigBuilder> settings) {
    ShareConfigBuilder config =
        ShareConfig.builder()
            .port(0)
            .data(directory.resolve("data"))
            .allowLocation(directory.resolve("tables"))
            // Tests of who may do what try many tokens, on a clock that stands still.
            .failedSignInsPerMinute(0);
    settings.accept(config);
    return new ProviderServer(directory, clock, config.build());
  }

  /** A server whose configuration keeps its store in {@code data} of the directory. */
  public static ProviderServer of(Path directory, MovableClock clock, ShareConfig config) {
    return new ProviderServer(directory, clock, config);
  }

  public static ProviderServer start(Path directory) {
    return start(directory, new MovableClock(), config -> {});
  }

  /** A server on a database that others may use too. */
  public static ProviderServer start(Path directory, DatabaseConfig database) {
    return start(directory, new MovableClock(), database);
  }

  /** As above. */
  public static ProviderServer start(Path directory, MovableClock clock, DatabaseConfig database) {
    return start(directory, clock, config -> config.database(database));
  }

  /** The directory in which tables are shared. */
  public Path tables() {
    return directory.resolve("tables");
  }

  public String adminToken() {
    return token;
  }

  public List<AccessRecord> records() {
    return records;
  }

  public URI uri() {
    return server.uri();
  }

  public URI origin() {
    return URI.create("http://127.0.0.1:" + server.uri().getPort());
  }

  /** Sends a request as the first admin. */
  public HttpResponse<String> admin(String method, String path, String body, String... headers) {
    return as(token, method, path, body, headers);
  }

  /** Sends a request as another principal. */
  public HttpResponse<String> as(
      String bearer, String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin() + ADMIN + path))
            .header("Authorization", "Bearer " + bearer)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    return ServerClient.send(
        headers.length == 0 ? request.build() : request.headers(headers).build());
  }

  /** Sends a request that is to succeed. */
  public JsonNode done(String method, String path, String body) {
    HttpResponse<String> response = admin(method, path, body);
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 204);
    return response.body().isEmpty()
        ? ServerClient.MAPPER.createObjectNode()
        : ServerClient.json(response);
  }

  /** Makes a share with one table below {@link #tables}. */
  public void share(String share, String alias, String directory) {
    done("POST", "/shares", "{\"name\":\"" + share + "\"}");
    done("PATCH", "/shares/" + share, add(alias, tables().resolve(directory)));
  }

  public static String add(String alias, Object location) {
    return "{\"updates\":[{\"action\":\"ADD\",\"data_object\":{\"name\":\"%s\",\"type\":\"TABLE\",\"shared_as\":\"%s\",\"storage_location\":\"%s\"}}]}"
        .formatted("main." + alias, alias, location);
  }

  /** Makes a recipient, and opens its link. */
  public JsonNode recipient(String name) {
    return activate(
        done("POST", "/recipients", "{\"name\":\"" + name + "\"}")
            .at("/token/activation_url")
            .asText());
  }

  /** Opens an activation link. */
  public JsonNode activate(String url) {
    HttpResponse<String> response = open(url);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return ServerClient.json(response);
  }

  public static HttpResponse<String> open(String url) {
    return ServerClient.send(HttpRequest.newBuilder(URI.create(url)).build());
  }

  public void grant(String share, String recipient) {
    permission(share, recipient, "add");
  }

  public void permission(String share, String recipient, String what) {
    done(
        "PATCH",
        "/shares/" + share + "/permissions",
        "{\"changes\":[{\"recipient_name\":\"%s\",\"%s\":[\"SELECT\"]}]}"
            .formatted(recipient, what));
  }

  /** The audit's events that meet a query, once those so far are there; the newest first. */
  public List<JsonNode> auditEvents(String query) {
    try {
      server.flushAudit();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    List<JsonNode> events = new ArrayList<>();
    done("GET", "/audit-events" + query, "").path("items").forEach(events::add);
    return events;
  }

  /** The lines of the audit's file. */
  public List<JsonNode> auditLines() {
    try {
      return Files.readAllLines(directory.resolve("data/audit/audit.jsonl")).stream()
          .map(ServerClient::tree)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a GET of the protocol. */
  public HttpResponse<String> get(String token, String path) {
    return ServerClient.send(
        HttpRequest.newBuilder(URI.create(uri() + path))
            .header("Authorization", "Bearer " + token)
            .build());
  }

  public HttpResponse<String> query(String token, String table, String body) {
    return ServerClient.send(
        HttpRequest.newBuilder(URI.create(uri() + "/shares/" + table + "/query"))
            .header("Authorization", "Bearer " + token)
            .header(
                "delta-sharing-capabilities", "responseformat=parquet;includeendstreamaction=true")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  @Override
  public void close() {
    server.close();
  }
}
