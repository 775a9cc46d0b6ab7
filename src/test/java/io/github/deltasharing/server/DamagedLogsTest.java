/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.DELTA_ALL;
import static io.github.deltasharing.server.ServerClient.actions;
import static io.github.deltasharing.server.ServerClient.errorCode;
import static io.github.deltasharing.server.ServerClient.message;
import static io.github.deltasharing.testing.WrittenLog.PROTOCOL;
import static io.github.deltasharing.testing.WrittenLog.SCHEMA;
import static io.github.deltasharing.testing.WrittenLog.add;
import static io.github.deltasharing.testing.WrittenLog.field;
import static io.github.deltasharing.testing.WrittenLog.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.WrittenLog;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Logs that cannot be read, today or ever: an error that no client tries again, with table, cause
 * and advice, and without a path of the server.
 */
class DamagedLogsTest extends LogFixture {
  private static final String MANIFEST =
      "00000000000000000001.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json";
  private static final String V2_PROTOCOL =
      "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,"
          + "\"readerFeatures\":[\"v2Checkpoint\"],\"writerFeatures\":[\"v2Checkpoint\"]}}";

  /** Writes a log with something wrong. */
  private interface Damage {
    void write(WrittenLog log) throws IOException;
  }

  private static Arguments damage(String name, String cause, Damage damage) {
    return Arguments.of(name, cause, damage);
  }

  private static String struct(String type) {
    return "{\"type\":\"struct\",\"fields\":[" + field("c", type) + "]}";
  }

  private static String protocol(int reader, String features) {
    return "{\"protocol\":{\"minReaderVersion\":%d,\"minWriterVersion\":7,".formatted(reader)
        + "\"readerFeatures\":%1$s,\"writerFeatures\":%1$s}}".formatted(features);
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        damage(
            "no schemaString",
            "line 2 of 00000000000000000000.json lacks schemaString",
            log -> log.commit(0, PROTOCOL, metadata(null))),
        damage(
            "schemaString is no JSON",
            "no schema that can be read (schemaString)",
            log -> log.commit(0, PROTOCOL, metadata("{\"type\":\"struct\""))),
        damage("no protocol", "the table's protocol", log -> log.commit(0, metadata(SCHEMA))),
        damage("no metadata", "the table's metadata", log -> log.commit(0, PROTOCOL)),
        damage("no action", "the table's", log -> log.commit(0, "")),
        damage(
            "a commit is missing in the middle",
            "the commit of version 1 is missing",
            log -> {
              log.commit(0, PROTOCOL, metadata(SCHEMA));
              log.commit(2, add("b.parquet"));
            }),
        damage(
            "the first commit is missing",
            "the commit of version 0 is missing",
            log -> log.commit(3, PROTOCOL, metadata(SCHEMA))),
        damage(
            "the commit of a checkpoint is missing",
            "the commit of version 1 is missing",
            log -> log.write(MANIFEST, "{\"checkpointMetadata\":{\"version\":1}}\n")),
        damage(
            "half a line",
            "line 3 of 00000000000000000000.json is no JSON",
            log -> log.commit(0, PROTOCOL, metadata(SCHEMA), "{\"add\":{\"path\":\"a")),
        damage(
            "a number as a line",
            "line 3 of 00000000000000000000.json is no JSON object",
            log -> log.commit(0, PROTOCOL, metadata(SCHEMA), "42")),
        damage(
            "a file without a size",
            "line 4 of 00000000000000000000.json lacks size",
            log ->
                log.commit(
                    0,
                    PROTOCOL,
                    metadata(SCHEMA),
                    add("a.parquet"),
                    "{\"add\":{\"path\":\"b\",\"partitionValues\":{},\"dataChange\":true}}")),
        damage(
            "a file that is no object",
            "line 3 of 00000000000000000000.json is no action",
            log -> log.commit(0, PROTOCOL, metadata(SCHEMA), "{\"add\":7}")),
        damage(
            "a checkpoint that is no Parquet file",
            "00000000000000000000.checkpoint.parquet cannot be read as Parquet",
            log -> {
              log.commit(0, PROTOCOL, metadata(SCHEMA));
              log.write("00000000000000000000.checkpoint.parquet", "PAR1 and nothing else PAR1");
            }),
        damage(
            "a sidecar that is missing",
            "a checkpoint names _sidecars/gone.parquet, which is missing",
            log -> {
              log.commit(0, V2_PROTOCOL, metadata(SCHEMA));
              log.commit(1, add("a.parquet"));
              log.write(
                  MANIFEST,
                  String.join(
                      "\n",
                      "{\"checkpointMetadata\":{\"version\":1}}",
                      V2_PROTOCOL,
                      metadata(SCHEMA),
                      "{\"sidecar\":{\"path\":\"gone.parquet\",\"sizeInBytes\":9,"
                          + "\"modificationTime\":1}}"));
            }),
        damage(
            "a deletion vector in no place",
            "cannot be replayed",
            log ->
                log.commit(
                    0,
                    protocol(3, "[\"deletionVectors\"]"),
                    metadata(SCHEMA),
                    add("a.parquet")
                        .replace(
                            "\"size\":11",
                            "\"size\":11,\"deletionVector\":{\"storageType\":\"u\","
                                + "\"pathOrInlineDv\":\"short\",\"offset\":1,"
                                + "\"sizeInBytes\":4,\"cardinality\":1}"))));
  }

  static Stream<Arguments> unknowns() {
    return Stream.of(
        damage(
            "a type of newer tables",
            "a column of the type geometry(OGC:CRS84), which this server does not know",
            log -> log.commit(0, PROTOCOL, metadata(struct("\"geometry(OGC:CRS84)\"")))),
        damage(
            "a type of Spark's own",
            "a column of the type udt, which this server does not know",
            log ->
                log.commit(
                    0, PROTOCOL, metadata(struct("{\"type\":\"udt\",\"sqlType\":\"long\"}")))),
        damage(
            "a newer protocol",
            "version 99 of the Delta protocol, which this server does not know",
            log -> log.commit(0, protocol(99, "[]"), metadata(SCHEMA))),
        damage(
            "a feature",
            "the features fancyRows, which this server does not know",
            log -> log.commit(0, protocol(3, "[\"fancyRows\"]"), metadata(SCHEMA))));
  }

  private List<HttpResponse<String>> everything() {
    String table = "/shares/Retail/schemas/c/tables/t";
    return List.of(
        client.query("c.t", "{}", ServerChangesTest.CAPABILITIES, DELTA_ALL),
        client.query("c.t", "{\"version\":0}", ServerChangesTest.CAPABILITIES, DELTA_ALL),
        client.query("c.t", "{\"startingVersion\":0}", ServerChangesTest.CAPABILITIES, DELTA_ALL),
        client.changes("c.t", "startingVersion=0", ServerChangesTest.CAPABILITIES, DELTA_ALL),
        client.get(table + "/metadata", ServerChangesTest.CAPABILITIES, DELTA_ALL),
        client.get(table + "/version"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void aDamagedLogIsNotToBeTriedAgain(String name, String cause, Damage damage) throws IOException {
    damage.write(log);
    HttpResponse<String> query =
        client.query("c.t", "{}", ServerChangesTest.CAPABILITIES, DELTA_ALL);
    assertThat(query.statusCode()).isEqualTo(400);
    assertThat(errorCode(query)).isEqualTo("UNSUPPORTED_OPERATION");
    assertThat(message(query))
        .startsWith("Cannot read Retail.c.t: its transaction log is damaged: ")
        .contains(cause, "Trying again does not help", "the provider");
    assertThat(everything()).allSatisfy(this::isNoFailureOfTheServer);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unknowns")
  void whatTheServerDoesNotKnowIsNamed(String name, String cause, Damage damage)
      throws IOException {
    damage.write(log);
    HttpResponse<String> query =
        client.query("c.t", "{}", ServerChangesTest.CAPABILITIES, DELTA_ALL);
    assertThat(query.statusCode()).isEqualTo(400);
    assertThat(message(query)).contains("Retail.c.t", cause, "Ask the provider to");
    assertThat(everything()).allSatisfy(this::isNoFailureOfTheServer);
  }

  private void isNoFailureOfTheServer(HttpResponse<String> response) {
    assertThat(response.statusCode()).isLessThan(500);
    assertThat(response.body()).doesNotContain(dir.toString(), "Exception", "file:");
  }

  @Test
  void whereNoTableIsThereIsNone() throws IOException {
    assertThat(everything()).allSatisfy(r -> assertThat(r.statusCode()).isEqualTo(404));
    Files.createDirectories(dir.resolve("_delta_log"));
    assertThat(everything()).allSatisfy(r -> assertThat(r.statusCode()).isEqualTo(404));
    log.write("00000000000000000000.crc", "{}");
    assertThat(everything()).allSatisfy(r -> assertThat(r.statusCode()).isEqualTo(404));
    assertThat(message(everything().get(0)))
        .contains("Retail.c.t", "there is no Delta table at the location");
  }

  @Test
  void earlierVersionsAreServedBesideAHalfWrittenCommit() {
    log.commit(0, PROTOCOL, metadata(SCHEMA, Map.of("delta.enableChangeDataFeed", "true")));
    log.commit(1, add("a.parquet"));
    Path half = log.commit(2, add("b.parquet"), "{\"add\":{\"path\":\"c");
    HttpResponse<String> latest = client.query("c.t", "{}");
    assertThat(latest.statusCode()).isEqualTo(400);
    assertThat(message(latest)).contains("line 2 of 00000000000000000002.json is no JSON");
    assertThat(client.query("c.t", "{\"version\":2}").body()).isEqualTo(latest.body());
    assertThat(actions(client.query("c.t", "{\"version\":1}"), "file")).hasSize(1);
    assertThat(actions(client.query("c.t", "{\"version\":0}"), "metaData")).hasSize(1);
    String time = "{\"timestamp\":\"%s\"}".formatted(modified(log.commit(1, add("a.parquet"))));
    assertThat(actions(client.query("c.t", time), "file")).hasSize(1);
    assertThat(actions(client.query("c.t", "{\"startingVersion\":0,\"endingVersion\":1}"), "add"))
        .hasSize(1);
    assertThat(message(client.query("c.t", "{\"version\":3}"))).contains("latest version");
    assertThat(message(client.query("c.t", "{\"startingVersion\":0}")))
        .contains("line 2 of 00000000000000000002.json");
    // The rest is written.
    log.commit(2, add("b.parquet"), add("c.parquet"));
    assertThat(half).exists();
    assertThat(actions(client.query("c.t", "{}"), "file")).hasSize(3);
  }

  private static String modified(Path commit) {
    try {
      return Files.getLastModifiedTime(commit).toInstant().toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aGapIsNamedAndWhatIsReadableAroundIt() {
    log.commit(0, PROTOCOL, metadata(SCHEMA));
    log.commit(1, add("a.parquet"));
    log.commit(3, add("b.parquet"));
    log.commit(4, add("c.parquet"));
    assertThat(message(client.query("c.t", "{\"startingVersion\":1,\"endingVersion\":4}")))
        .contains("that of version 2 is missing", "versions up to 1", "restore the commit")
        .doesNotContain("or of versions", "earliest");
    assertThat(message(client.query("c.t", "{\"version\":3}")))
        .contains("lacks the commit of version 2", "versions up to 1")
        .doesNotContain("earliest");
    assertThat(actions(client.query("c.t", "{\"version\":1}"), "file")).hasSize(1);
    log.write(MANIFEST.replace("01.", "04."), "{\"checkpointMetadata\":{\"version\":4}}\n");
    assertThat(message(client.query("c.t", "{\"startingVersion\":1,\"endingVersion\":4}")))
        .contains("versions up to 1 or of versions from 4 on");
  }
}
