/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static io.github.deltasharing.it.CanarySecrets.CORE;
import static io.github.deltasharing.it.CanarySecrets.OF_CONF;
import static io.github.deltasharing.it.CanarySecrets.OF_DIRECTORY;
import static io.github.deltasharing.it.CanarySecrets.OF_KEY;
import static io.github.deltasharing.it.CanarySecrets.OF_PROXY;
import static io.github.deltasharing.it.CanarySecrets.OF_SESSION;
import static io.github.deltasharing.it.CanarySecrets.OF_SQL;
import static io.github.deltasharing.it.CanarySecrets.PLANTED;
import static io.github.deltasharing.it.CanarySecrets.PLANTED_CORE;
import static io.github.deltasharing.it.CanarySecrets.SECRET;
import static io.github.deltasharing.it.CanarySecrets.SIGNATURE;
import static io.github.deltasharing.it.CanarySecrets.SIGNATURE_OF_STORE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where secrets are: on the driver, and nowhere else. Reads of all kinds, and failures that quote
 * the secrets back, on executors in JVMs of their own, with every logger at TRACE, Spark's UI and
 * its event log; then all that they left behind is searched, and so is what was planted there, to
 * show that the search would find it.
 */
class CanaryIT {
  private static final Pattern NETWORK_DUMP = Pattern.compile("(?m)^\\|[0-9a-f]{8}\\|.*$");

  @TempDir static Path directory;
  static CanaryReads reads;

  @BeforeAll
  @Timeout(600)
  static void readAll() throws Exception {
    reads = new CanaryReads(directory);
    reads.readAll();
  }

  @AfterAll
  static void stop() {
    if (reads != null) {
      reads.close();
    }
  }

  private static void assertClean(String place, Map<String, String> texts, SecretSearch... more) {
    StringBuilder all = new StringBuilder();
    texts.forEach(
        (name, whole) -> {
          String text = whole.replace("signature=***", "").replace("X-Amz-Signature=***", "");
          all.append(text);
          assertThat(SECRET.in(text)).as(place + ": " + name + ": " + around(text, CORE)).isEmpty();
          assertThat(OF_KEY.in(text)).as(place + ": " + name).isEmpty();
          for (SecretSearch search : more) {
            assertThat(search.in(text))
                .as(place + ": " + name + ": " + around(text, search.text()))
                .isEmpty();
          }
        });
    assertThat(PLANTED.in(all.toString())).as(place + " is searched").containsKey("plain");
  }

  private static String around(String text, String what) {
    int at = text.indexOf(what);
    return at < 0 ? "" : text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 50));
  }

  @Test
  void plansStatementsAndErrors() {
    assertThat(reads.shown()).hasSizeGreaterThan(30);
    assertThat(reads.shown().get("a store that says all back")).contains("HTTP 400");
    assertThat(reads.shown().get("an endpoint that says all back")).contains("HTTP 503");
    assertThat(reads.shown().get("a directory's store that says all back")).contains("ECHO");
    assertClean(
        "shown",
        reads.shown(),
        OF_CONF,
        OF_SESSION,
        OF_PROXY,
        OF_SQL,
        SIGNATURE,
        OF_DIRECTORY,
        SIGNATURE_OF_STORE);
  }

  @Test
  void theDriversLog() {
    assertThat(reads.log().events()).isGreaterThan(10_000);
    assertThat(reads.log().found(PLANTED)).isNotEmpty();
    assertThat(reads.log().found(SECRET)).isEmpty();
    assertThat(reads.log().found(OF_CONF))
        .as("Spark's own, of its configuration")
        .allMatch(line -> line.startsWith("DEBUG org.apache.spark.sql.internal.SharedState "));
    assertThat(reads.log().found(OF_SESSION)).isEmpty();
    assertThat(reads.log().found(OF_PROXY)).isEmpty();
    assertThat(reads.log().found(OF_KEY)).isEmpty();
    assertThat(reads.log().found(SIGNATURE)).isEmpty();
    assertThat(reads.log().found(OF_DIRECTORY)).isEmpty();
    assertThat(reads.log().found(SIGNATURE_OF_STORE)).isEmpty();
    assertThat(reads.log().found(OF_SQL))
        .as("Spark's own, of the statement")
        .allMatch(line -> line.matches("(?s)(DEBUG|TRACE) org\\.apache\\.spark\\.sql\\..*"));
  }

  @Test
  @Timeout(120)
  void executorsHeapsAndLogs() throws Exception {
    List<String> found =
        reads
            .spark()
            .createDataset(List.of(1, 2, 3, 4), Encoders.INT())
            .repartition(4)
            .mapPartitions(
                new ExecutorTasks.HeapScan(reads.directory().toString(), SECRET, PLANTED),
                Encoders.STRING())
            .collectAsList();
    assertThat(new TreeSet<>(found))
        .containsExactly(
            "executor 0: secret {}, control found", "executor 1: secret {}, control found");
    Path work =
        LocalCluster.home().resolve("work").resolve(reads.spark().sparkContext().applicationId());
    Map<String, String> logs = new LinkedHashMap<>();
    for (Path file : files(work)) {
      if (file.endsWith("stderr") || file.endsWith("stdout")) {
        // At TRACE Spark dumps what it receives, tasks with their URLs among it.
        logs.put(
            file.toString(),
            NETWORK_DUMP
                .matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                .replaceAll(""));
      }
    }
    assertThat(logs).hasSize(4);
    assertThat(String.join("", logs.values()))
        .contains("TRACE ")
        .contains("io.github.deltasharing");
    logs.put("planted", PLANTED_CORE);
    assertClean(
        "executors' logs",
        logs,
        OF_CONF,
        OF_SESSION,
        OF_PROXY,
        OF_SQL,
        SIGNATURE,
        OF_DIRECTORY,
        SIGNATURE_OF_STORE);
  }

  private static List<Path> files(Path below) throws IOException {
    try (Stream<Path> files = Files.walk(below)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void eventLogAndCheckpoints() throws IOException {
    for (String place : List.of("events", "checkpointtrue", "checkpointfalse")) {
      Map<String, String> texts = new LinkedHashMap<>();
      for (Path file : files(reads.directory().resolve(place))) {
        texts.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
      assertThat(texts).isNotEmpty();
      if (place.equals("checkpointfalse")) {
        texts.put("planted", PLANTED_CORE);
      }
      assertClean(
          place, texts, OF_CONF, OF_PROXY, OF_SQL, SIGNATURE, OF_DIRECTORY, SIGNATURE_OF_STORE);
    }
  }

  /** What tasks are made of, as it lies on the driver for executors to fetch. */
  @Test
  void broadcasts() {
    assertThat(reads.broadcasts()).hasSizeGreaterThan(20);
    assertThat(String.join("", reads.broadcasts().values())).contains("SharingReaderFactory");
    assertClean("broadcasts", reads.broadcasts(), OF_CONF, OF_SESSION, OF_SQL);
  }

  @Test
  void pagesOfTheUi() throws Exception {
    String ui = reads.spark().sparkContext().uiWebUrl().get();
    String api = "/api/v1/applications/" + reads.spark().sparkContext().applicationId();
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/jobs/",
                "/stages/",
                "/storage/",
                "/environment/",
                "/executors/",
                "/SQL/",
                "/StreamingQuery/",
                api + "/jobs",
                api + "/stages?details=true",
                api + "/environment",
                api + "/sql?details=true&planDescription=true&length=1000",
                api + "/executors",
                api + "/storage/rdd"));
    int executions = (int) reads.spark().sharedState().statusStore().executionsCount();
    assertThat(executions).isGreaterThan(15);
    for (int i = 0; i < executions; i++) {
      paths.add("/SQL/execution/?id=" + i);
    }
    HttpClient http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    Map<String, String> pages = new LinkedHashMap<>();
    for (String path : paths) {
      HttpResponse<String> page =
          http.send(
              HttpRequest.newBuilder(URI.create(ui + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      pages.put(path, page.body());
    }
    assertClean(
        "UI",
        pages,
        OF_CONF,
        OF_SESSION,
        OF_PROXY,
        OF_SQL,
        SIGNATURE,
        OF_DIRECTORY,
        SIGNATURE_OF_STORE);
  }
}
