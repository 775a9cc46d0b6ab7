/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.http.AccessRecord;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stop does to answers that are on their way. */
@Tag("unit")
class StopTest {
  private static final String QUERY = "/shares/Retail/schemas/sales/tables/large/query";
  @TempDir static Path dir;
  private static Path large;

  private final List<AccessRecord> records = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void writeTable() {
    large = HandWrittenTable.write(dir.resolve("large"), 20_000, 1);
  }

  private SharingServer start(TestLimits limits) {
    limits.grace = Duration.ofMinutes(1);
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .bearerToken(ServerTables.TOKEN)
            .table("Retail", "sales", "large", large)
            .build();
    return SharingServer.start(config, records::add, Clock.systemUTC(), limits.build());
  }

  @Test
  void runningAnswersEndAndNewRequestsAreRefused() throws Exception {
    TestLimits limits = new TestLimits();
    limits.stopTime = Duration.ofSeconds(60);
    limits.bodyTime = Duration.ofSeconds(60);
    SharingServer server = start(limits);
    try (RawClient reader = new RawClient(server.uri());
        RawClient kept = new RawClient(server.uri())) {
      kept.send(RawClient.post(server.uri(), QUERY, ServerTables.TOKEN, 2));
      reader.send(RawClient.post(server.uri(), QUERY, ServerTables.TOKEN, 2) + "{}");
      assertThat(reader.status()).contains(" 200 ");
      CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
      // Longer than the server used to leave to a connection on which nothing moves.
      TimeUnit.MILLISECONDS.sleep(700);
      assertThat(stop).isNotDone();
      kept.send("{}");
      String answer = readWhole(reader);
      assertThat(answer).contains(HandWrittenTable.name(19_999));
      assertThat(kept.rest()).contains(HandWrittenTable.name(19_999));
      stop.get(30, TimeUnit.SECONDS);
    }
    assertThat(records).hasSize(2).allMatch(record -> record.cut().isEmpty());
  }

  /** Until it takes no connection any more. */
  private static void awaitRefusal(URI server) {
    long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      try (RawClient another = new RawClient(server)) {
        assertThat(System.nanoTime()).isLessThan(until);
      } catch (UncheckedIOException e) {
        return;
      }
    }
  }

  @Test
  void beforeItStopsItSaysSoForAWhileAndServes() throws Exception {
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .bearerToken(ServerTables.TOKEN)
            .stopDelaySeconds(600)
            .table("Retail", "sales", "large", large)
            .build();
    SharingServer server = SharingServer.start(config, records::add);
    URI origin = URI.create("http://" + server.uri().getAuthority());
    HttpRequest ready = HttpRequest.newBuilder(origin.resolve("/health/ready")).build();
    HttpRequest live = HttpRequest.newBuilder(origin.resolve("/health/live")).build();
    assertThat(ServerClient.send(ready).statusCode()).isEqualTo(200);
    Thread stop = new Thread(server::close);
    stop.start();
    long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (ServerClient.send(ready).statusCode() != 503) {
      assertThat(System.nanoTime()).isLessThan(until);
    }
    HttpResponse<String> said = ServerClient.send(ready);
    assertThat(said.body())
        .isEqualTo("{\"status\":\"down\",\"reason\":\"The server is stopping\"}");
    assertThat(said.headers().firstValue("Connection")).contains("close");
    assertThat(ServerClient.send(live).statusCode()).isEqualTo(200);
    assertThat(new ServerClient(server).get("/shares").statusCode()).isEqualTo(200);
    stop.interrupt();
    stop.join(60_000);
    assertThat(stop.isAlive()).isFalse();
    awaitRefusal(server.uri());
  }

  @Test
  void answersThatDoNotEndInTimeAreCutAndSaidToBe() throws Exception {
    TestLimits limits = new TestLimits();
    limits.stopTime = Duration.ofMillis(300);
    SharingServer server = start(limits);
    try (RawClient reader = new RawClient(server.uri())) {
      reader.send(RawClient.post(server.uri(), QUERY, ServerTables.TOKEN, 2) + "{}");
      assertThat(reader.status()).contains(" 200 ");
      server.close();
      assertThat(reader.rest()).doesNotContain(HandWrittenTable.name(19_999));
    }
    assertThat(records).hasSize(1);
    assertThat(records.get(0).cut()).isEqualTo("stop");
    assertThat(records.get(0).toLogLine()).contains(" cut=stop ");
  }

  @Test
  void idleConnectionsDoNotHoldAStopUp() throws Exception {
    TestLimits limits = new TestLimits();
    limits.stopTime = Duration.ofSeconds(60);
    SharingServer server = start(limits);
    HttpResponse<String> kept = new ServerClient(server).get("/shares");
    assertThat(kept.statusCode()).isEqualTo(200);
    try (RawClient idle = new RawClient(server.uri())) {
      CompletableFuture.runAsync(server::close).get(20, TimeUnit.SECONDS);
      assertThat(idle.rest()).isEmpty();
    }
  }

  @Test
  void anAnswerWhoseClientLeavesIsSaidToBeCut() throws Exception {
    SharingServer server = start(new TestLimits());
    try (server) {
      try (RawClient reader = new RawClient(server.uri())) {
        reader.send(RawClient.post(server.uri(), QUERY, ServerTables.TOKEN, 2) + "{}");
        assertThat(reader.status()).contains(" 200 ");
      }
      for (int i = 0; i < 300 && records.isEmpty(); i++) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    assertThat(records).extracting(AccessRecord::cut).containsExactly("client");
  }

  /** Reads on until the last chunk. */
  private static String readWhole(RawClient client) throws Exception {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[8192];
    while (!text.toString().endsWith("\r\n0\r\n\r\n")) {
      int count = client.in().read(buffer);
      if (count < 0) {
        break;
      }
      text.append(new String(buffer, 0, count, java.nio.charset.StandardCharsets.ISO_8859_1));
      if (text.length() > 20_000) {
        text.delete(0, text.length() - 10_000);
      }
    }
    return text.toString();
  }
}
