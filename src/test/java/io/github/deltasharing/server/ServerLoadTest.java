/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sixty-four clients, half of them recipients of a store, on a server with a heap of 512 MiB: each
 * response is right, or says that the server is busy and when to come again; and once they are
 * gone, the server has what it had before.
 */
class ServerLoadTest {
  private static final int CLIENTS = 64;
  private static final String TOKEN = "canary";
  private static final String ADMIN = "/api/2.1/opensharing/provider";

  /** However slow the machine is, each kind of request gets right responses in this time. */
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Map<LoadClient.Kind, AtomicInteger> right = new EnumMap<>(LoadClient.Kind.class);
  private final AtomicInteger busy = new AtomicInteger();
  private final long seed = ThreadLocalRandom.current().nextLong();
  @TempDir Path dir;

  @Test
  void tablesOfUsualSizes() throws Exception {
    run(
        "512m",
        12,
        300,
        Map.of(
            "a1k", 1_000, "b1k", 1_000, "live", 1_000, "a20k", 20_000, "b20k", 20_000, "c20k",
            20_000));
  }

  /** Two of them do not fit in the memory for file lists at once. */
  @Test
  @Tag("nightly")
  void largeTables() throws Exception {
    run(
        "512m",
        120,
        300,
        Map.of(
            "live", 1_000, "a20k", 20_000, "a100k", 100_000, "b100k", 100_000, "c100k", 100_000,
            "a400k", 400_000));
  }

  @Test
  @Tag("nightly")
  void aTableOfAMillionFiles() throws Exception {
    run("1g", 240, 100, Map.of("live", 1_000, "a100k", 100_000, "million", 1_000_000));
  }

  private void run(String heap, int seconds, int least, Map<String, Integer> tables)
      throws Exception {
    for (LoadClient.Kind kind : LoadClient.Kind.values()) {
      right.put(kind, new AtomicInteger());
    }
    Path data = Files.createDirectories(dir.resolve("tables"));
    tables.forEach((name, files) -> HandWrittenTable.write(data.resolve(name), files, 100));
    Path log = dir.resolve("log");
    try (ServerProcess server = ServerProcess.start(heap, config(tables), log)) {
      String recipient = recipient(server, tables);
      LoadClient first =
          new LoadClient(server.uri(), "s/schemas/a", TOKEN, tables, new Random(seed));
      LoadClient second =
          new LoadClient(server.uri(), "stored/schemas/a", recipient, tables, new Random(seed));
      for (String table : tables.keySet()) {
        first.run(LoadClient.Kind.WHOLE, table);
        second.run(LoadClient.Kind.SELECTIVE, table);
      }
      ServerProcess.Use before = server.use();
      load(server, seconds, least, tables, recipient);
      System.out.printf(
          "load of seed %d: right %s, busy %d, wrong %d%n", seed, right, busy.get(), wrong.size());
      assertThat(wrong).as("seed " + seed).isEmpty();
      assertThat(server.isAlive()).isTrue();
      assertThat(server.log())
          .doesNotContain("OutOfMemoryError", "StackOverflowError", "Exception in thread");
      right.forEach((kind, count) -> assertThat(count).as(kind + "").hasPositiveValue());
      assertThat(answered()).isGreaterThan(least);
      for (String table : tables.keySet()) {
        first.run(LoadClient.Kind.WHOLE, table);
        second.run(LoadClient.Kind.PAGES, table);
      }
      expectAsBefore(server, before);
    }
  }

  private Path config(Map<String, Integer> tables) throws IOException {
    StringBuilder yaml =
        new StringBuilder(
            """
            authorization: {bearerToken: %s}
            data: data
            allowedLocations: [tables]
            shares:
            - name: s
              schemas:
              - name: a
                tables:
            """
                .formatted(TOKEN));
    for (String table : tables.keySet()) {
      yaml.append(
          "    - {name: %s, location: tables/%s, historyShared: true}%n".formatted(table, table));
    }
    return Files.writeString(dir.resolve("share.yaml"), yaml);
  }

  /** Shares the tables with a recipient too; returns its token. */
  private String recipient(ServerProcess server, Map<String, Integer> tables) throws IOException {
    send(server, "POST", "/shares", "{\"name\":\"stored\"}");
    for (String table : tables.keySet()) {
      send(
          server,
          "PATCH",
          "/shares/stored",
          ProviderServer.add("a." + table, dir.resolve("tables").resolve(table))
              .replace("\"type\"", "\"history_shared\":true,\"type\""));
    }
    JsonNode made = send(server, "POST", "/recipients", "{\"name\":\"r\"}");
    send(
        server,
        "PATCH",
        "/shares/stored/permissions",
        "{\"changes\":[{\"recipient_name\":\"r\",\"add\":[\"SELECT\"]}]}");
    HttpResponse<String> profile = ProviderServer.open(made.at("/token/activation_url").asText());
    return ServerClient.json(profile).path("bearerToken").asText();
  }

  private JsonNode send(ServerProcess server, String method, String path, String body)
      throws IOException {
    String admin = Files.readString(dir.resolve("data/admin-token")).strip();
    HttpResponse<String> response =
        ServerClient.send(
            HttpRequest.newBuilder(server.uri().resolve(ADMIN + path))
                .header("Authorization", "Bearer " + admin)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 204);
    return ServerClient.json(response);
  }

  private void load(
      ServerProcess server, int seconds, int least, Map<String, Integer> tables, String token)
      throws Exception {
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(seed + i);
      LoadClient client =
          i % 2 == 0
              ? new LoadClient(server.uri(), "s/schemas/a", TOKEN, tables, random)
              : new LoadClient(server.uri(), "stored/schemas/a", token, tables, random);
      threads.add(
          new Thread(
              () -> {
                while (!isOver(start, seconds, least)) {
                  request(client, random, List.copyOf(tables.keySet()));
                }
              }));
    }
    threads.add(new Thread(() -> commit(start, seconds, least)));
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private boolean isOver(long start, int seconds, int least) {
    long time = System.nanoTime() - start;
    boolean all = right.values().stream().allMatch(count -> count.get() > 0);
    return time > LONGEST_NANOS
        || (time > TimeUnit.SECONDS.toNanos(seconds) && all && answered() > least);
  }

  private int answered() {
    return right.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  private void request(LoadClient client, Random random, List<String> tables) {
    LoadClient.Kind[] kinds = LoadClient.Kind.values();
    LoadClient.Kind kind = kinds[random.nextInt(kinds.length)];
    // Commits change what is in the files of this one.
    List<String> fit =
        tables.stream()
            .filter(table -> kind != LoadClient.Kind.SELECTIVE || !table.equals("live"))
            .filter(table -> kind != LoadClient.Kind.FILE || !table.equals("live"))
            .toList();
    String table = fit.get(random.nextInt(fit.size()));
    try {
      client.run(kind, table);
      right.get(kind).incrementAndGet();
    } catch (LoadClient.BusyException e) {
      busy.incrementAndGet();
    } catch (Exception e) {
      wrong.add(kind + " of " + table + ": " + e);
    }
  }

  /** Replaces a file of one table now and then. */
  private void commit(long start, int seconds, int least) {
    Path log = dir.resolve("tables/live/_delta_log");
    for (int version = 1; !isOver(start, seconds, least); version++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
      try {
        Path written =
            Files.writeString(
                dir.resolve("commit"),
                HandWrittenTable.add(999 + version, 100) + HandWrittenTable.remove(version - 1));
        Files.move(
            written, log.resolve("%020d.json".formatted(version)), StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        wrong.add("commit: " + e);
      }
    }
  }

  /** Connections close, and threads end, some time after the clients have gone. */
  private static void expectAsBefore(ServerProcess server, ServerProcess.Use before)
      throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    ServerProcess.Use after = server.use();
    while (!isAsBefore(before, after) && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      after = server.use();
    }
    System.out.println("before " + before + ", after " + after);
    assertThat(isAsBefore(before, after)).as(before + ", then " + after).isTrue();
  }

  private static boolean isAsBefore(ServerProcess.Use before, ServerProcess.Use after) {
    return after.heapBytes() < before.heapBytes() * 3 / 2 + (24L << 20)
        && after.threads() < before.threads() + CLIENTS
        && after.descriptors() < before.descriptors() + 16;
  }
}
