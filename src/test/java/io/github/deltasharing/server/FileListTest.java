/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.testing.ChangeHistories;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server that keeps file lists in memory answers as one that replays the log for each query, at
 * every version of tables that Delta Lake wrote, as they grow.
 */
class FileListTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final List<String> BODIES =
      List.of(
          "{}",
          "{\"limitHint\":1}",
          "{\"limitHint\":15}",
          "{\"limitHint\":1000000}",
          hint("{\"op\":\"lessThan\",\"children\":[%s,%s]}", "id", "long", "30"),
          hint("{\"op\":\"equal\",\"children\":[%s,%s]}", "id", "long", "100"),
          hint("{\"op\":\"equal\",\"children\":[%s,%s]}", "name", "string", "updated"),
          hint("{\"op\":\"equal\",\"children\":[%s,%s]}", "part", "string", "a"),
          hint(
              "{\"op\":\"not\",\"children\":[{\"op\":\"isNull\",\"children\":[%s]}]}",
              "part", "string", ""));

  @TempDir Path root;
  private final LinkedBlockingDeque<AccessRecord> records = new LinkedBlockingDeque<>();

  private static String hint(String form, String column, String type, String value) {
    String left =
        "{\"op\":\"column\",\"name\":\"%s\",\"valueType\":\"%s\"}".formatted(column, type);
    String right =
        "{\"op\":\"literal\",\"value\":\"%s\",\"valueType\":\"%s\"}".formatted(value, type);
    return ServerClient.MAPPER
        .createObjectNode()
        .put("jsonPredicateHints", form.formatted(left, right))
        .toString();
  }

  static Stream<String> histories() {
    return ChangeHistories.NAMES.stream();
  }

  private SharingServer start(Path table, long budget) {
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .bearerToken(ServerTables.TOKEN)
            .signingKey(KEY)
            .fileListCacheBytes(budget)
            .table(ChangeTables.shared("t", table))
            .build();
    return SharingServer.start(
        config, records::add, Clock.fixed(Instant.parse("2026-11-28T12:00:00Z"), ZoneOffset.UTC));
  }

  @ParameterizedTest
  @MethodSource("histories")
  void answersAreThoseOfAReplay(String name) throws Exception {
    ChangeHistories.copy(name, root.resolve("whole"));
    Path whole = root.resolve("whole").resolve(name);
    Path growing = root.resolve("growing");
    try (SharingServer memory = start(growing, 64 << 20);
        SharingServer replay = start(growing, 0)) {
      for (int version = 0; grow(whole, growing, version); version++) {
        for (String body : BODIES) {
          List<String> expected = lines(replay, body);
          assertThat(lines(memory, body)).as("version %d, %s", version, body).isEqualTo(expected);
        }
        assertThat(pages(memory)).isEqualTo(pages(replay));
      }
    }
  }

  /** Adds a commit, and the checkpoints that were written after it. */
  private static boolean grow(Path whole, Path growing, int version) throws IOException {
    String prefix = "%020d.".formatted(version);
    Path log = Files.createDirectories(growing.resolve("_delta_log"));
    boolean found = false;
    try (Stream<Path> files = Files.list(whole.resolve("_delta_log"))) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith(prefix)).toList()) {
        Files.copy(file, log.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
        found = true;
      }
    }
    return found;
  }

  /** Without order, which checkpoints change, and with counts of files. */
  private List<String> lines(SharingServer server, String body) {
    HttpResponse<String> response =
        new ServerClient(server)
            .query("c.t", body, "delta-sharing-capabilities", ServerClient.DELTA_ALL);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    List<String> lines = new ArrayList<>(comparable(server, response.body()).lines().toList());
    lines.sort(null);
    AccessRecord record;
    try {
      record = records.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    lines.add(record.files() + " files, " + record.skippedFiles() + " skipped");
    return lines;
  }

  /** Checkpoints say of all files that they change nothing, which a list that grew does not. */
  private static String comparable(SharingServer server, String text) {
    return text.replace(":" + server.uri().getPort() + "/", ":1/")
        .replaceAll("\"dataChange\":(true|false)", "\"dataChange\":true");
  }

  /** All pages of two files, in their order. */
  private List<List<String>> pages(SharingServer server) {
    List<List<String>> pages = new ArrayList<>();
    String body = "{\"maxFiles\":2}";
    while (body != null) {
      HttpResponse<String> response =
          new ServerClient(server)
              .query(
                  "c.t",
                  body,
                  "delta-sharing-capabilities",
                  ServerClient.DELTA_ALL + ";includeendstreamaction=true");
      records.clear();
      List<String> ids = new ArrayList<>();
      ServerClient.actions(response, "file").forEach(file -> ids.add(file.path("id").asText()));
      pages.add(ids);
      String token =
          ServerClient.actions(response, "endStreamAction").get(0).path("nextPageToken").asText();
      body = token.isEmpty() ? null : "{\"maxFiles\":2,\"pageToken\":\"" + token + "\"}";
    }
    return pages;
  }
}
