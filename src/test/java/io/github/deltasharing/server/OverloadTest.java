/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server with a heap of 256 MiB under what used to fill it, from one client: bodies that are
 * large or become so once parsed, and two hundred queries of a large table at once.
 */
class OverloadTest {
  private static final int SMALL_QUERIES = 20;
  private static final int LARGE_QUERIES = 200;
  @TempDir Path dir;

  @Test
  void otherQueriesAreAnsweredAndTheProcessLives() throws Exception {
    HandWrittenTable.write(dir.resolve("small"), 3, 10);
    HandWrittenTable.write(dir.resolve("large"), 30_000, 10);
    Path config =
        Files.writeString(
            dir.resolve("share.yaml"),
            """
            authorization: {bearerToken: canary}
            shares:
            - name: s
              schemas:
              - name: a
                tables:
                - {name: small, location: small}
                - {name: large, location: large}
            """);
    try (ServerProcess server = ServerProcess.start("256m", config, dir.resolve("log"))) {
      attack(server.uri());
      assertThat(server.isAlive()).isTrue();
      assertThat(query(server.uri(), "small", "{}", client())).isEqualTo(200);
      assertThat(server.log())
          .doesNotContain("OutOfMemoryError", "StackOverflowError", "Exception in thread");
    }
  }

  private static void attack(URI server) throws Exception {
    Set<Integer> statuses = ConcurrentHashMap.newKeySet();
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    CountDownLatch started = new CountDownLatch(12 + LARGE_QUERIES);
    for (int size : new int[] {4 << 20, 1_000_000}) {
      String body = "{\"x\":[" + "{},".repeat(size / 3 - 10) + "{}]}";
      for (int i = 0; i < 6; i++) {
        threads.add(repeat(server, "small", body, over, started, statuses));
      }
    }
    for (int i = 0; i < LARGE_QUERIES; i++) {
      String body = i % 2 == 0 ? "{}" : "{\"limitHint\":9223372036854775807}";
      threads.add(repeat(server, "large", body, over, started, statuses));
    }
    threads.forEach(Thread::start);
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    HttpClient http = client();
    int answered = 0;
    for (int i = 0; i < SMALL_QUERIES; i++) {
      int status = query(server, "small", "{}", http);
      assertThat(status).isIn(200, 429, 503);
      answered += status == 200 ? 1 : 0;
    }
    over.set(true);
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(answered).isGreaterThan(SMALL_QUERIES / 2);
    assertThat(statuses).isSubsetOf(200, 413, 429, 503).contains(413, 429);
  }

  private static Thread repeat(
      URI server,
      String table,
      String body,
      AtomicBoolean over,
      CountDownLatch started,
      Set<Integer> statuses) {
    return new Thread(
        () -> {
          HttpClient http = client();
          while (!over.get()) {
            try {
              started.countDown();
              statuses.add(query(server, table, body, http));
            } catch (IOException e) {
              // A connection that was closed with the rest of a body on its way.
            } catch (InterruptedException e) {
              return;
            }
          }
        });
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .executor(Runnable::run)
        .build();
  }

  private static int query(URI server, String table, String body, HttpClient http)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(server + "/shares/s/schemas/a/tables/" + table + "/query"))
            .header("Authorization", "Bearer canary")
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<Void> response = http.send(request, BodyHandlers.discarding());
    return response.statusCode();
  }
}
