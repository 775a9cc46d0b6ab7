/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import io.github.deltasharing.server.ProviderServer;
import io.github.deltasharing.server.SharingServer;
import io.github.deltasharing.server.config.DatabaseConfig;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What it costs to ask a database with each request who sends it and what is granted: one client
 * that gets a share's name, from a server without a store, with H2 and with PostgreSQL, in turns.
 */
public final class ProviderBenchmark {
  private static final int ROUNDS = 5;
  private static final int REQUESTS = 1_000;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private ProviderBenchmark() {}

  /** A server, by the request that it is sent. */
  private record Setup(String name, HttpRequest request, double[] micros) {}

  public static void main(String[] args) throws Exception {
    Path directory = Files.createDirectories(Path.of(args[0], "provider")).toAbsolutePath();
    ShareConfig plain =
        ShareConfig.builder()
            .port(0)
            .bearerToken("t")
            .table("retail", "sales", "orders", directory.resolve("t"))
            .build();
    DatabaseConfig postgres =
        new DatabaseConfig(
            PostgresServer.shared().newDatabase(),
            Optional.of(PostgresServer.USER),
            Optional.of(PostgresServer.PASSWORD));
    Path h2 = Files.createTempDirectory(directory, "h2");
    Path pg = Files.createTempDirectory(directory, "pg");
    try (SharingServer without = SharingServer.start(plain);
        ProviderServer withH2 = ProviderServer.start(h2);
        ProviderServer withPostgres = ProviderServer.start(pg, postgres)) {
      Setup[] setups = {
        setup("without a store", without.uri(), "t"),
        setup("H2", withH2.uri(), granted(withH2)),
        setup("PostgreSQL", withPostgres.uri(), granted(withPostgres)),
      };
      for (int round = 0; round < ROUNDS; round++) {
        for (Setup setup : setups) {
          setup.micros()[round] = micros(setup.request());
        }
      }
      for (Setup setup : setups) {
        Arrays.sort(setup.micros());
        System.out.printf("%-16s %6.0f us a request%n", setup.name(), setup.micros()[ROUNDS / 2]);
      }
    }
    System.exit(0);
  }

  private static Setup setup(String name, URI endpoint, String token) {
    return new Setup(
        name,
        HttpRequest.newBuilder(URI.create(endpoint + "/shares/retail"))
            .header("Authorization", "Bearer " + token)
            .build(),
        new double[ROUNDS]);
  }

  private static String granted(ProviderServer server) {
    server.done("POST", "/shares", "{\"name\":\"retail\"}");
    String token = server.recipient("acme").path("bearerToken").asText();
    server.grant("retail", "acme");
    return token;
  }

  private static double micros(HttpRequest request) throws IOException, InterruptedException {
    long start = 0;
    for (int i = -REQUESTS / 5; i < REQUESTS; i++) {
      if (i == 0) {
        start = System.nanoTime();
      }
      HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException("HTTP " + response.statusCode());
      }
    }
    return (System.nanoTime() - start) / 1_000.0 / REQUESTS;
  }
}
