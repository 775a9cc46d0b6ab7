/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.testing.LogCapture;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What hints may cost. */
class HintTimeTest {
  private static final int FILES = 40_000;
  @TempDir static Path dir;
  private static Path table;

  private final BlockingQueue<AccessRecord> records = new LinkedBlockingQueue<>();

  @BeforeAll
  static void writeTable() {
    table = HandWrittenTable.write(dir.resolve("t"), FILES, 1);
  }

  private SharingServer start(Duration hintTime) {
    TestLimits limits = new TestLimits();
    limits.hintTime = hintTime;
    limits.grace = Duration.ofMinutes(1);
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .bearerToken(ServerTables.TOKEN)
            .table("Retail", "sales", "large", table)
            .build();
    return SharingServer.start(config, records::add, Clock.systemUTC(), limits.build());
  }

  private AccessRecord take() throws InterruptedException {
    AccessRecord record = records.poll(60, TimeUnit.SECONDS);
    assertThat(record).isNotNull();
    return record;
  }

  /** A body whose hint only the file with these rows passes. */
  private static String body(int comparisons) {
    StringBuilder hint = new StringBuilder("{\"op\":\"or\",\"children\":[");
    for (int i = 0; i < comparisons; i++) {
      hint.append(i == 0 ? "" : ",")
          .append("{\"op\":\"equal\",\"children\":[")
          .append("{\"op\":\"column\",\"name\":\"id\",\"valueType\":\"long\"},")
          .append("{\"op\":\"literal\",\"value\":\"%d\",\"valueType\":\"long\"}]}".formatted(i));
    }
    hint.append("]}");
    return ServerClient.MAPPER
        .createObjectNode()
        .put("jsonPredicateHints", hint.toString())
        .toString();
  }

  @Test
  void hintsSkipFilesWhileTheyHaveTime() throws Exception {
    try (SharingServer server = start(Duration.ofMinutes(5))) {
      new ServerClient(server).query("sales.large", body(2));
    }
    AccessRecord record = take();
    assertThat(record.files()).isEqualTo(1);
    assertThat(record.skippedFiles()).isEqualTo(FILES - 1);
  }

  @Test
  void hintsThatTakeTooLongSkipNothingMore() throws Exception {
    try (SharingServer server = start(Duration.ofMillis(30))) {
      ServerClient client = new ServerClient(server);
      client.query("sales.large", body(400));
      assertThat(take().files()).isGreaterThan(FILES / 2);
      // And nothing at all when asked again, so that no file of the first answer is missing.
      client.query("sales.large", body(400));
      assertThat(take().files()).isEqualTo(FILES);
    }
  }

  @Test
  void noHintsAreEvaluatedForAClientThatLeft() throws Exception {
    try (LogCapture log = LogCapture.ofAll(Level.WARN, "org.apache.spark");
        SharingServer server = start(Duration.ofMinutes(5))) {
      String body = body(400);
      try (RawClient client = new RawClient(server.uri())) {
        client.send(
            RawClient.post(
                    server.uri(),
                    "/shares/Retail/schemas/sales/tables/large/query",
                    ServerTables.TOKEN,
                    body.length())
                + body);
        // The server has the whole request once it answers another one of this client's.
        new ServerClient(server).get("/shares");
        assertThat(take().endpoint()).isEqualTo("listShares");
      }
      AccessRecord record = take();
      assertThat(record.endpoint()).isEqualTo("query");
      assertThat(record.cut()).isEqualTo("client");
      assertThat(record.bytes()).isZero();
      // Least of all by Jetty, with the URL.
      assertThat(log.lines()).noneMatch(line -> line.contains("ClientGone"));
    }
  }

  @Test
  void aNextRequestOnTheSameConnectionIsNotDisturbed() throws Exception {
    try (SharingServer server = start(Duration.ofMinutes(5));
        RawClient client = new RawClient(server.uri())) {
      String body = body(400);
      String path = "/shares/Retail/schemas/sales/tables/large/query";
      client.send(RawClient.post(server.uri(), path, ServerTables.TOKEN, body.length()) + body);
      new ServerClient(server).get("/shares");
      String next = RawClient.post(server.uri(), path, ServerTables.TOKEN, 15);
      client.send(next.replace("Host:", "Connection: close\r\nHost:") + "{\"limitHint\":1}");
      String answers = client.rest();
      assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(3);
    }
  }
}
