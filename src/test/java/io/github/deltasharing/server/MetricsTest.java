/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.MetricsConfig;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.testing.MovableClock;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured, how it is written, and who may read it. */
@Tag("unit")
class MetricsTest {
  private static final String TOKEN = "a-token-of-the-metrics";
  private static final String QUERY = "/shares/retail/schemas/sales/tables/orders/query";
  @TempDir static Path directory;
  private static Path table;

  private final List<AccessRecord> records = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void writeTable() throws Exception {
    table = HandWrittenTable.write(directory.resolve("tables/orders"), 3, 10);
    Files.writeString(table.resolve(HandWrittenTable.name(0)), "0123456789");
  }

  private static MetricsConfig config(OptionalInt port, String token) {
    return new MetricsConfig("127.0.0.1", port, Optional.ofNullable(token));
  }

  private SharingServer start(MetricsConfig metrics) {
    return SharingServer.start(
        ShareConfig.builder()
            .port(0)
            .bearerToken(ServerTables.TOKEN)
            .metrics(metrics)
            .table("retail", "sales", "orders", table)
            .build(),
        records::add);
  }

  private static HttpResponse<String> get(int port, String path, String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return ServerClient.send(request.build());
  }

  private static Exposition scrape(int port, String token) {
    HttpResponse<String> response = get(port, "/metrics", token);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    return Exposition.parse(response.body());
  }

  @Test
  void requestsFilesAndBytesAreCounted() {
    try (SharingServer server = start(config(OptionalInt.empty(), TOKEN))) {
      ServerClient client = new ServerClient(server);
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> query = client.post(QUERY, "{}");
        assertThat(query.statusCode()).isEqualTo(200);
        String url = actions(query, "file").get(0).path("url").asText();
        assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
      }
      client.post(QUERY, "{\"limitHint\":1}");
      client.get("/shares/nothing");
      long listed =
          records.stream().filter(r -> r.files() >= 0).mapToLong(AccessRecord::files).sum();
      long skipped = records.stream().mapToLong(r -> Math.max(0, r.skippedFiles())).sum();
      long bytes =
          records.stream()
              .filter(r -> r.endpoint().equals("query"))
              .mapToLong(AccessRecord::bytes)
              .sum();
      assertThat(skipped).isPositive();
      Exposition metrics = scrape(server.uri().getPort(), TOKEN);
      assertThat(metrics.value("sharing_requests_seconds_count[endpoint=query, status=2xx]"))
          .isEqualTo(4);
      assertThat(metrics.value("sharing_requests_seconds_count[endpoint=file, status=2xx]"))
          .isEqualTo(3);
      assertThat(metrics.value("sharing_requests_seconds_count[endpoint=getShare, status=4xx]"))
          .isEqualTo(1);
      assertThat(
              metrics.value("sharing_requests_seconds_bucket[endpoint=query, le=60.0, status=2xx]"))
          .isEqualTo(4);
      assertThat(metrics.value("sharing_response_bytes_total[endpoint=file]")).isEqualTo(30);
      assertThat(metrics.value("sharing_response_bytes_total[endpoint=query]")).isEqualTo(bytes);
      assertThat(metrics.value("sharing_response_files_total[endpoint=query]")).isEqualTo(listed);
      assertThat(metrics.value("sharing_skipped_files_total[endpoint=query]")).isEqualTo(skipped);
      assertThat(metrics.value("sharing_errors_total[code=RESOURCE_DOES_NOT_EXIST]")).isEqualTo(1);
      assertThat(metrics.value("sharing_file_list_lookups_total[result=hit]")).isPositive();
      assertThat(metrics.value("sharing_file_list_lookups_total[result=miss]")).isPositive();
      assertThat(metrics.value("sharing_file_list_bytes[]")).isPositive();
      assertThat(metrics.value("sharing_running[]")).isEqualTo(1);
      assertThat(metrics.value("sharing_connections[]")).isPositive();
      assertThat(metrics.value("sharing_admission_waiting[lane=light]")).isZero();
      assertThat(metrics.value("sharing_admission_refused_total[lane=heavy]")).isZero();
      assertThat(metrics.value("sharing_rate_limited_total[limit=requests]")).isZero();
      assertThat(metrics.value("sharing_config_last_reload_successful[]")).isEqualTo(1);
      assertThat(metrics.value("sharing_build_info[version=development]")).isEqualTo(1);
      assertThat(metrics.families())
          .contains(
              "jvm_memory_used_bytes",
              "jvm_threads_live_threads",
              "process_uptime_seconds",
              "process_files_open_files")
          .noneMatch(family -> family.startsWith("hikaricp"));
    }
  }

  /** Those of the server; the JVM's come as its collector finds something to do. */
  private static Set<String> own(Exposition metrics) {
    return metrics.series().stream()
        .filter(name -> name.startsWith("sharing_"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void whatClientsWriteIsNoLabel() {
    try (SharingServer server = start(config(OptionalInt.empty(), TOKEN))) {
      ServerClient client = new ServerClient(server);
      client.get("/shares/zzz");
      client.get("/zzz");
      client.get("/shares/zzz/schemas/zzz/tables/zzz/version");
      scrape(server.uri().getPort(), TOKEN);
      Set<String> before = own(scrape(server.uri().getPort(), TOKEN));
      for (int i = 0; i < 3_500; i++) {
        client.get("/zzz" + i);
        client.get("/shares/zzz" + i, "x-request-id", "zzz" + i, "User-Agent", "zzz" + i);
        client.get("/shares/a/schemas/b/tables/zzz" + i + "/version?x=zzz" + i);
      }
      Exposition metrics = scrape(server.uri().getPort(), TOKEN);
      assertThat(own(metrics)).isEqualTo(before);
      assertThat(metrics.series().size()).isLessThan(400);
      assertThat(metrics.labelValues()).noneMatch(value -> value.contains("zzz"));
      assertThat(metrics.value("sharing_requests_seconds_count[endpoint=unknown, status=4xx]"))
          .isEqualTo(3_501);
    }
  }

  @Test
  void theMetricsTokenReadsThemAndNothingElse() {
    try (SharingServer server = start(config(OptionalInt.empty(), TOKEN))) {
      int port = server.uri().getPort();
      assertThat(get(port, "/metrics", null).statusCode()).isEqualTo(401);
      assertThat(get(port, "/metrics", ServerTables.TOKEN).statusCode()).isEqualTo(401);
      assertThat(get(port, "/metrics?access_token=" + TOKEN, null).statusCode()).isEqualTo(401);
      assertThat(get(port, "/metrics/more", TOKEN).statusCode()).isEqualTo(404);
      assertThat(get(port, "/delta-sharing/shares", TOKEN).statusCode()).isEqualTo(401);
      assertThat(
              ServerClient.send(
                      HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                          .header("Authorization", "Bearer " + TOKEN)
                          .POST(HttpRequest.BodyPublishers.noBody())
                          .build())
                  .statusCode())
          .isEqualTo(405);
    }
  }

  @Test
  void withoutAStoreAndASettingTheyAreNotServed() {
    try (SharingServer server = start(MetricsConfig.NONE)) {
      assertThat(get(server.uri().getPort(), "/metrics", ServerTables.TOKEN).statusCode())
          .isEqualTo(404);
      assertThat(server.metricsPort()).isEmpty();
    }
  }

  @Test
  void aPortOfTheirOwnNeedsNoTokenUnlessThereIsOne() {
    try (SharingServer server = start(config(OptionalInt.of(0), null))) {
      int port = server.metricsPort().orElseThrow();
      assertThat(port).isNotEqualTo(server.uri().getPort());
      assertThat(scrape(port, null).families()).contains("sharing_connections");
      assertThat(get(port, "/delta-sharing/shares", ServerTables.TOKEN).statusCode())
          .isEqualTo(404);
      assertThat(get(server.uri().getPort(), "/metrics", ServerTables.TOKEN).statusCode())
          .isEqualTo(404);
      assertThat(records).extracting(AccessRecord::endpoint).contains("metrics");
    }
    try (SharingServer server = start(config(OptionalInt.of(0), TOKEN))) {
      int port = server.metricsPort().orElseThrow();
      assertThat(get(port, "/metrics", null).statusCode()).isEqualTo(401);
      scrape(port, TOKEN);
      scrape(server.uri().getPort(), TOKEN);
    }
  }

  @Test
  void aPortThatIsTakenIsSaid() {
    try (SharingServer server = start(config(OptionalInt.of(0), null))) {
      int taken = server.metricsPort().orElseThrow();
      assertThatThrownBy(() -> start(config(OptionalInt.of(taken), null)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("metrics: cannot listen on 127.0.0.1:" + taken);
    }
    assertThatThrownBy(() -> config(OptionalInt.empty(), "short"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("metrics.tokenFile has 5 characters")
        .hasMessageNotContaining("short");
  }

  @Test
  void withAStorePrincipalsReadThemAndRecipientsDoNot(@TempDir Path own) {
    try (ProviderServer server = ProviderServer.start(own, new MovableClock(), config -> {})) {
      String recipient = server.recipient("acme").path("bearerToken").asText();
      String viewer =
          server
              .done("POST", "/principals", "{\"name\":\"prometheus\",\"role\":\"VIEWER\"}")
              .path("bearer_token")
              .asText();
      int port = server.uri().getPort();
      assertThat(get(port, "/metrics", recipient).statusCode()).isEqualTo(401);
      assertThat(get(port, "/metrics", null).statusCode()).isEqualTo(401);
      Exposition metrics = scrape(port, viewer);
      assertThat(metrics.value("sharing_database_up[]")).isEqualTo(1);
      assertThat(metrics.value("hikaricp_connections_max[pool=sharing-store]")).isEqualTo(16);
      assertThat(metrics.value("sharing_requests_seconds_count[endpoint=activation, status=2xx]"))
          .isEqualTo(1);
      assertThat(metrics.value("sharing_errors_total[code=UNAUTHENTICATED]")).isEqualTo(2);
      assertThat(metrics.labelValues()).doesNotContain("acme", "prometheus");
    }
  }
}
