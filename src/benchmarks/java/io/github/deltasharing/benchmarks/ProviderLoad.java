/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.server.ServerMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Queries a second of 1, 8 and 64 clients, and the delay of the first byte, of a server in a JVM of
 * its own: with a store, and a recipient whose token it looks up with each request. Beside it
 * another server: that of the class path {@code benchmark.previous}, with a token in its
 * configuration; without one the same classes, without file lists in memory. {@code
 * -Dbenchmarks.main=ProviderLoad}; arguments are numbers of files.
 */
public final class ProviderLoad {
  private static final int[] CLIENTS = {1, 8, 64};
  private static final long NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final String TOKEN = "benchmark";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What is too much for a server that replays the log with each query. */
  private static final long MOST_REPLAYED = 1_000_000;

  private ProviderLoad() {}

  /** A server, and how a recipient queries its table. */
  private record Server(Process process, URI query, String token) implements AutoCloseable {
    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** What some clients got in some seconds. */
  private record Load(double perSecond, List<Double> firstBytes, int busy) {
    String delay(double part) {
      return firstBytes.isEmpty()
          ? "–"
          : String.format(
              Locale.ROOT, "%.4f", firstBytes.get((int) (part * (firstBytes.size() - 1))));
    }

    String rate() {
      return String.format(Locale.ROOT, perSecond < 10 ? "%.2f" : "%.0f", perSecond);
    }
  }

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]).toAbsolutePath().normalize();
    List<Integer> sizes = new ArrayList<>();
    List.of(args).subList(1, args.length).forEach(size -> sizes.add(Integer.parseInt(size)));
    if (sizes.isEmpty()) {
      sizes.addAll(List.of(1_000, 100_000, 1_000_000));
    }
    System.out.println(
        "| Files | Query | Clients | Queries a second | First byte: median | 99 of 100 | Busy |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (int files : sizes) {
      Path table = Path.of(QueriedDeltaTable.of(directory, files).location());
      String heap = files > 100_000 ? "1g" : "512m";
      try (Server ours = withStore(table, heap);
          Server previous = previous(table, heap)) {
        System.err.printf("the first query: %.3f s%n", shoot(ours, "{\"limitHint\":10}"));
        for (Map.Entry<String, String> body : ServerQueries.bodies(files).entrySet()) {
          if (!body.getKey().equals("all files") || files <= 1_000) {
            compare(files, body.getKey(), body.getValue(), ours, previous);
          }
        }
      }
    }
    System.exit(0);
  }

  private static void compare(int files, String name, String body, Server ours, Server previous)
      throws Exception {
    for (int clients : CLIENTS) {
      load(ours, body, clients, NANOS / 3);
      Load our = load(ours, body, clients, NANOS);
      Load their =
          (long) clients * files <= MOST_REPLAYED
              ? load(previous, body, clients, NANOS)
              : new Load(Double.NaN, List.of(), 0);
      System.out.printf(
          Locale.ROOT,
          "| %,d | %s | %d | %s / %s | %s / %s | %s / %s | %d / %d |%n",
          files,
          name,
          clients,
          our.rate(),
          their.rate().replace("NaN", "–"),
          our.delay(0.5),
          their.delay(0.5),
          our.delay(0.99),
          their.delay(0.99),
          our.busy(),
          their.busy());
    }
  }

  private static Load load(Server server, String body, int clients, long nanos)
      throws InterruptedException {
    List<Double> delays = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger busy = new AtomicInteger();
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      threads.add(
          new Thread(
              () -> {
                while (System.nanoTime() - start < nanos) {
                  try {
                    delays.add(shoot(server, body));
                  } catch (IOException e) {
                    busy.incrementAndGet();
                  }
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    List<Double> sorted = delays.stream().sorted().toList();
    return new Load(sorted.size() / seconds, sorted, busy.get());
  }

  /** Reads a response to its end; returns the seconds to its first byte. */
  private static double shoot(Server server, String body) throws IOException {
    long start = System.nanoTime();
    HttpURLConnection request = (HttpURLConnection) server.query().toURL().openConnection();
    request.setRequestProperty("Authorization", "Bearer " + server.token());
    request.setDoOutput(true);
    request.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    try (InputStream in = request.getInputStream()) {
      byte[] buffer = new byte[1 << 16];
      int n = in.read(buffer);
      long first = System.nanoTime();
      while (n >= 0) {
        n = in.read(buffer);
      }
      return (first - start) / 1e9;
    }
  }

  private static Server withStore(Path table, String heap) throws Exception {
    Path directory = Files.createTempDirectory("provider-load");
    Path config =
        Files.writeString(
            directory.resolve("share.yaml"),
            "data: data\nallowedLocations: [\"" + table.getParent() + "\"]\n");
    Process process = start(System.getProperty("java.class.path"), config, heap);
    URI uri = listening(process);
    String admin = Files.readString(directory.resolve("data/admin-token")).strip();
    send(uri, admin, "POST", "/shares", "{\"name\":\"s\"}");
    send(
        uri,
        admin,
        "PATCH",
        "/shares/s",
        "{\"updates\":[{\"action\":\"ADD\",\"data_object\":{\"name\":\"a.t\",\"storage_location\":\"%s\"}}]}"
            .formatted(table));
    JsonNode made = send(uri, admin, "POST", "/recipients", "{\"name\":\"r\"}");
    send(
        uri,
        admin,
        "PATCH",
        "/shares/s/permissions",
        "{\"changes\":[{\"recipient_name\":\"r\",\"add\":[\"SELECT\"]}]}");
    JsonNode profile =
        body(HttpRequest.newBuilder(URI.create(made.at("/token/activation_url").asText())).build());
    return new Server(process, query(uri), profile.path("bearerToken").asText());
  }

  private static Server previous(Path table, String heap) throws IOException {
    String classes = System.getProperty("benchmark.previous", "");
    Path config =
        Files.writeString(
            Files.createTempDirectory("provider-load").resolve("share.yaml"),
            """
            authorization: {bearerToken: %s}
            %s
            shares:
            - name: s
              schemas:
              - name: a
                tables:
                - {name: t, location: "%s"}
            """
                .formatted(TOKEN, classes.isEmpty() ? "fileListCacheBytes: 0" : "", table));
    Process process =
        start(classes.isEmpty() ? System.getProperty("java.class.path") : classes, config, heap);
    return new Server(process, query(listening(process)), TOKEN);
  }

  private static URI query(URI server) {
    return URI.create(server + "/shares/s/schemas/a/tables/t/query");
  }

  private static Process start(String classes, Path config, String heap) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-cp",
                classes,
                ServerMain.class.getName(),
                "--config",
                config.toString(),
                "--port=0")
            .redirectError(config.resolveSibling("log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  private static URI listening(Process process) throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    return URI.create(line.substring("listening on ".length()));
  }

  private static JsonNode send(URI server, String token, String method, String path, String body)
      throws IOException, InterruptedException {
    return body(
        HttpRequest.newBuilder(server.resolve("/api/2.1/opensharing/provider" + path))
            .header("Authorization", "Bearer " + token)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static JsonNode body(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new IOException(response.statusCode() + " " + response.body());
    }
    return MAPPER.readTree(response.body());
  }
}
