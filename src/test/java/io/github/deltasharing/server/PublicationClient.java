/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a principal sends to publish files. */
record PublicationClient(ProviderServer server) {
  private static final String PATH = "/api/2.1/opensharing/provider/publications";

  /** A query of names and values, one after the other. */
  static String query(String... parameters) {
    StringBuilder query = new StringBuilder();
    for (int i = 0; i < parameters.length; i += 2) {
      query
          .append(i == 0 ? '?' : '&')
          .append(parameters[i])
          .append('=')
          .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
    }
    return query.toString();
  }

  HttpResponse<String> send(byte[] file, String... parameters) {
    return ServerClient.send(
        HttpRequest.newBuilder(URI.create(server.origin() + PATH + query(parameters)))
            .header("Authorization", "Bearer " + server.adminToken())
            .header("Content-Type", "text/csv")
            .POST(HttpRequest.BodyPublishers.ofByteArray(file))
            .build());
  }

  HttpResponse<String> send(String file, String... parameters) {
    return send(file.getBytes(StandardCharsets.UTF_8), parameters);
  }

  /** Publishes or previews a file; that is to succeed. */
  JsonNode done(String file, String... parameters) {
    return done(send(file, parameters));
  }

  static JsonNode done(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 201);
    return ServerClient.json(response);
  }

  /** Publishes a file that is to be refused, and gives the message. */
  String refused(int status, byte[] file, String... parameters) {
    HttpResponse<String> response = send(file, parameters);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ServerClient.message(response);
  }

  String refused(int status, String file, String... parameters) {
    return refused(status, file.getBytes(StandardCharsets.UTF_8), parameters);
  }

  /** Publishes a file that was uploaded before. */
  HttpResponse<String> confirm(String json) {
    return server.admin("POST", "/publications", json, "Content-Type", "application/json");
  }

  Path location(JsonNode publication) {
    return Path.of(URI.create(publication.path("storage_location").asText()));
  }

  /** The name of a table's directory. */
  static String directory(JsonNode publication) {
    String location = publication.path("storage_location").asText().replaceFirst("/+$", "");
    return location.substring(location.lastIndexOf('/') + 1);
  }

  /** All files below a directory, by their paths from there. */
  static List<String> files(Path directory) {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
