/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.ShareConfigBuilder;
import io.github.deltasharing.server.config.TlsConfig;
import io.github.deltasharing.server.http.AccessRecord;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send or read a byte at a time, or nothing: the others are served all the same. */
class SlowClientsTest {
  private static final String QUERY = "/shares/Retail/schemas/sales/tables/small/query";
  private static final String LARGE_QUERY = QUERY.replace("small", "large");
  @TempDir static Path dir;
  private static Path small;
  private static Path large;

  private final BlockingQueue<AccessRecord> records = new LinkedBlockingQueue<>();
  private final List<RawClient> clients = new ArrayList<>();
  private SharingServer server;

  @BeforeAll
  static void writeTables() {
    small = HandWrittenTable.write(dir.resolve("small"), 1, 32 << 20);
    large = HandWrittenTable.write(dir.resolve("large"), 20_000, 1);
  }

  @AfterEach
  void stop() {
    clients.forEach(RawClient::close);
    server.close();
  }

  private void start(TestLimits limits) {
    start(limits, null);
  }

  private void start(TestLimits limits, TlsConfig tls) {
    ShareConfigBuilder config =
        ShareConfig.builder()
            .port(0)
            .bearerToken(ServerTables.TOKEN)
            // Jetty's own idle timeout is not what is tested here.
            .requestTimeoutSeconds(300)
            .table("Retail", "sales", "small", small)
            .table("Retail", "sales", "large", large);
    if (tls != null) {
      config.tls(tls);
    }
    server = SharingServer.start(config.build(), records::add, Clock.systemUTC(), limits.build());
  }

  private RawClient connect() {
    RawClient client = new RawClient(server.uri());
    clients.add(client);
    return client;
  }

  private void othersAreServed() {
    HttpResponse<String> response = new ServerClient(server).query("sales.small", "{}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(ServerClient.actions(response, "file")).hasSize(1);
  }

  @Test
  void threeHundredSlowBodiesHoldNoThread() {
    TestLimits limits = new TestLimits();
    limits.bodyTime = Duration.ofSeconds(60);
    start(limits);
    for (int i = 0; i < 300; i++) {
      connect().send(RawClient.post(server.uri(), QUERY, ServerTables.TOKEN, 1000) + "{");
    }
    othersAreServed();
  }

  @Test
  void oneClientSendsSoManyBodiesAtOnce() {
    TestLimits limits = new TestLimits();
    limits.bodyTime = Duration.ofSeconds(60);
    limits.connections = 40;
    start(limits);
    for (int i = 0; i < 12; i++) {
      connect().send(RawClient.post(server.uri(), QUERY, ServerTables.TOKEN, 1000) + "{");
    }
    assertThat(take().status()).isEqualTo(429);
    assertThat(take().errorCode()).isEqualTo("REQUEST_LIMIT_EXCEEDED");
    // Another request is another thing.
    assertThat(new ServerClient(server).get("/shares").statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyHasToComeInTimeThoughBytesCome() throws Exception {
    start(new TestLimits());
    RawClient client = connect();
    client.send(RawClient.post(server.uri(), QUERY, ServerTables.TOKEN, 60_000));
    Thread sender = dribble(client);
    assertThat(client.status()).contains(" 408 ");
    assertThat(client.rest()).contains("MALFORMED_REQUEST", "did not come in time");
    sender.join();
    othersAreServed();
  }

  @Test
  void aBodyWithoutEndIsRefusedAtTheLimit() {
    start(new TestLimits());
    RawClient declared = connect();
    declared.send(RawClient.post(server.uri(), QUERY, ServerTables.TOKEN, 1L << 40));
    assertThat(declared.status()).contains(" 413 ");
    RawClient chunked = connect();
    chunked.send(
        RawClient.post(server.uri(), QUERY, ServerTables.TOKEN, 0)
            .replace("Content-Length: 0", "Transfer-Encoding: chunked"));
    String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
    for (int i = 0; i < 5; i++) {
      chunked.send(chunk);
    }
    assertThat(chunked.status()).contains(" 413 ");
    othersAreServed();
  }

  @Test
  void largeBodiesAreBoundedInSumAndSmallOnesAreNot() {
    TestLimits limits = new TestLimits();
    limits.bodyTime = Duration.ofSeconds(60);
    start(limits);
    // 1 MiB in all: 20 bodies of which 50,000 bytes are there, and a copy to be made.
    for (int i = 0; i < 20; i++) {
      connect()
          .send(
              RawClient.post(server.uri(), QUERY, ServerTables.TOKEN, 60_000) + " ".repeat(50_000));
    }
    List<String> refused = new ArrayList<>();
    while (refused.size() < 8) {
      refused.add(take().errorCode());
    }
    assertThat(refused).containsOnly("TEMPORARILY_UNAVAILABLE");
    othersAreServed();
  }

  @Test
  void theTokenIsCheckedBeforeTheBodyIsRead() {
    start(new TestLimits());
    RawClient client = connect();
    client.send(RawClient.post(server.uri(), QUERY, "wrong", 60_000));
    assertThat(client.status()).contains(" 401 ");
    RawClient expecting = connect();
    expecting.send(
        RawClient.post(server.uri(), QUERY, "wrong", 60_000)
            .replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"));
    assertThat(expecting.status()).contains(" 401 ");
  }

  @Test
  void answersThatNobodyReadsAreCut() throws Exception {
    start(new TestLimits());
    // As many as may run at once, and more.
    for (int i = 0; i < 6; i++) {
      connect().send(RawClient.post(server.uri(), LARGE_QUERY, ServerTables.TOKEN, 2) + "{}");
    }
    othersAreServed();
    for (int i = 0; i < 6; i++) {
      AccessRecord record = take();
      if (record.table().endsWith("small")) {
        record = take();
      }
      assertThat(record.cut()).isEqualTo("slow");
    }
    HttpResponse<String> response = new ServerClient(server).query("sales.large", "{}");
    assertThat(ServerClient.actions(response, "file")).hasSize(20_000);
    assertThat(take().cut()).isEmpty();
  }

  @Test
  void filesThatNobodyReadsAreCut() throws Exception {
    start(new TestLimits());
    String url =
        ServerClient.actions(new ServerClient(server).query("sales.small", "{}"), "file")
            .get(0)
            .path("url")
            .asText();
    take();
    String path = url.substring(url.indexOf("/delta-sharing"));
    // More than there are large buffers for.
    for (int i = 0; i < 3; i++) {
      connect().send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    assertThat(ServerClient.fetch(url).body()).hasSize(32 << 20);
    assertThat(take().cut() + take().cut() + take().cut() + take().cut()).isEqualTo("slowslowslow");
  }

  @Test
  void headersThatComeAByteAtATimeAreGivenUp() throws Exception {
    TestLimits limits = new TestLimits();
    limits.idleConnection = Duration.ofSeconds(1);
    start(limits);
    RawClient client = connect();
    client.send("GET /delta-sharing/shares HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    Thread sender = dribble(client);
    assertThat(client.rest()).isEmpty();
    sender.join();
  }

  @Test
  void handshakesThatComeAByteAtATimeAreGivenUp() throws Exception {
    TestLimits limits = new TestLimits();
    limits.idleConnection = Duration.ofSeconds(1);
    start(limits, TlsConfig.ofSelfSigned());
    RawClient client = connect();
    // The head of a handshake record of 16,000 bytes.
    client.send(new byte[] {0x16, 0x03, 0x01, 0x3e, (byte) 0x80, 0x01});
    Thread sender = dribble(client);
    assertThat(client.rest()).isEmpty();
    sender.join();
  }

  @Test
  void idleConnectionsMakeRoomForNewOnes() {
    TestLimits limits = new TestLimits();
    limits.connections = 10;
    start(limits);
    for (int i = 0; i < 40; i++) {
      connect();
    }
    othersAreServed();
    // Which of them: those that came between the same two looks have waited equally long.
    Instant end = Instant.now().plusSeconds(30);
    while (closed() < 30 && Instant.now().isBefore(end)) {
      Thread.onSpinWait();
    }
    assertThat(closed()).isGreaterThanOrEqualTo(30);
  }

  private long closed() {
    return clients.stream().filter(RawClient::isClosedByServer).count();
  }

  private AccessRecord take() {
    try {
      AccessRecord record = records.poll(30, TimeUnit.SECONDS);
      assertThat(record).isNotNull();
      return record;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends a byte every 100 ms until the connection is closed. */
  private static Thread dribble(RawClient client) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  client.send("x");
                  TimeUnit.MILLISECONDS.sleep(100);
                }
              } catch (java.io.UncheckedIOException e) {
                assertThat(e.getCause()).isInstanceOf(IOException.class);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.start();
    return thread;
  }
}
