/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static io.github.deltasharing.server.ServerClient.message;
import static io.github.deltasharing.testing.WrittenLog.PROTOCOL;
import static io.github.deltasharing.testing.WrittenLog.SCHEMA;
import static io.github.deltasharing.testing.WrittenLog.add;
import static io.github.deltasharing.testing.WrittenLog.field;
import static io.github.deltasharing.testing.WrittenLog.metadata;
import static io.github.deltasharing.testing.WrittenLog.remove;
import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.Table;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.github.deltasharing.protocol.FileIdScheme;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.LogCapture;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs that are right, though Delta Lake on Spark would not have written them so. */
class LogsOfOtherWritersTest extends LogFixture {
  @Test
  void blankLinesCountForNothing() {
    log.commit(0, "", PROTOCOL, "   ", metadata(SCHEMA), "\t", add("a.parquet"), "", "");
    log.commit(1, "");
    log.commit(2, "", add("b.parquet"));
    assertThat(actions(client.query("c.t", "{}"), "file")).hasSize(2);
    assertThat(actions(client.query("c.t", "{\"startingVersion\":0}"), "add")).hasSize(2);
  }

  /** Hadoop's checksum beside a file that another writer has replaced. */
  private static void staleChecksum(Path file) {
    try {
      byte[] wrong =
          ByteBuffer.allocate(8 + 4 * 64)
              .put("crc\0".getBytes(StandardCharsets.UTF_8))
              .putInt(512)
              .array();
      Files.write(file.resolveSibling("." + file.getFileName() + ".crc"), wrong);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void staleHadoopChecksumsStopNothing() throws IOException {
    log.commit(0, PROTOCOL, metadata(SCHEMA), add("a.parquet"));
    log.commit(1, add("b.parquet"));
    Engine kernel = DefaultEngine.create(new Configuration());
    Table.forPath(kernel, dir.toString()).checkpoint(kernel, 1);
    log.commit(2, add("c.parquet"));
    Files.writeString(dir.resolve("a.parquet"), "hello world");
    for (Path directory : List.of(dir, dir.resolve("_delta_log"))) {
      try (Stream<Path> files = Files.list(directory)) {
        files.filter(Files::isRegularFile).toList().forEach(LogsOfOtherWritersTest::staleChecksum);
      }
    }
    HttpResponse<String> response = client.query("c.t", "{}");
    assertThat(actions(response, "file")).hasSize(3);
    assertThat(actions(client.query("c.t", "{\"version\":0}"), "file")).hasSize(1);
    assertThat(actions(client.query("c.t", "{\"startingVersion\":0}"), "add")).hasSize(3);
    String url =
        actions(response, "file").stream()
            .map(file -> file.path("url").asText())
            .filter(u -> u.contains("/a.parquet?"))
            .findFirst()
            .orElseThrow();
    assertThat(ServerClient.fetch(url).body()).asString().isEqualTo("hello world");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"void\"",
        "\"null\"",
        "{\"type\":\"array\",\"elementType\":\"void\",\"containsNull\":true}",
        "{\"type\":\"map\",\"keyType\":\"string\",\"valueType\":\"void\",\"valueContainsNull\":true}",
        "{\"type\":\"struct\",\"fields\":[{\"name\":\"void\",\"type\":\"void\",\"nullable\":true,"
            + "\"metadata\":{}}]}",
        "{\"type\":\"array\",\"elementType\":{\"type\":\"struct\",\"fields\":[{\"name\":\"x\","
            + "\"type\":\"void\",\"nullable\":true,\"metadata\":{\"comment\":\"\\\"void\\\"\"}}]},"
            + "\"containsNull\":true}",
      })
  void voidColumnsAreHandedOnAsTheLogHasThem(String type) {
    String schema =
        "{\"type\":\"struct\",\"fields\":[%s, %s]}"
            .formatted(field("id", "\"long\""), field("nothing", type));
    log.commit(0, PROTOCOL, metadata(schema, Map.of("a.property", "void")), add("a.parquet"));
    log.commit(1, metadata(schema, Map.of("delta.enableChangeDataFeed", "true")));
    for (HttpResponse<String> response :
        List.of(
            client.query("c.t", "{}"),
            client.query("c.t", "{\"version\":0}"),
            client.changes("c.t", "startingVersion=1&includeHistoricalMetadata=true"),
            client.query("c.t", "{\"startingVersion\":0}"))) {
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(actions(response, "metaData"))
          .isNotEmpty()
          .allSatisfy(
              metadata -> {
                assertThat(metadata.path("schemaString").asText()).isEqualTo(schema);
                assertThat(metadata.path("configuration")).hasSize(1);
              });
    }
  }

  /** The protocol lets writers choose the names of sidecars; Kernel takes them for versions. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "016ae953-37a9-438e-8683-9a9a4a79a395.parquet",
        "00000000000000000001.checkpoint.0000000001.0000000001.016ae953.parquet",
        "file:/of/old/place/_delta_log/_sidecars/rows.parquet",
      })
  void sidecarsMayHaveAnyName(String path) throws IOException {
    String protocol =
        "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,"
            + "\"readerFeatures\":[\"v2Checkpoint\"],\"writerFeatures\":[\"v2Checkpoint\"]}}";
    log.commit(0, PROTOCOL, metadata(SCHEMA), add("a.parquet"), add("./b.parquet"));
    Engine kernel = DefaultEngine.create(new Configuration());
    Table.forPath(kernel, dir.toString()).checkpoint(kernel, 0);
    Path sidecars = Files.createDirectories(dir.resolve("_delta_log/_sidecars"));
    Files.move(
        dir.resolve("_delta_log/00000000000000000000.checkpoint.parquet"),
        sidecars.resolve(path.substring(path.lastIndexOf('/') + 1)));
    Files.delete(dir.resolve("_delta_log/_last_checkpoint"));
    Files.delete(dir.resolve("_delta_log/00000000000000000000.json"));
    log.commit(1, protocol);
    log.write(
        "00000000000000000001.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json",
        String.join(
            "\n",
            "{\"checkpointMetadata\":{\"version\":1}}",
            protocol,
            metadata(SCHEMA),
            "{\"sidecar\":{\"path\":\"" + path + "\",\"sizeInBytes\":9,\"modificationTime\":1}}"));
    log.commit(2, remove("b.parquet"));
    HttpResponse<String> response = client.query("c.t", "{}");
    assertThat(actions(response, "file"))
        .singleElement()
        .satisfies(file -> assertThat(file.path("url").asText()).contains("/a.parquet?"));
  }

  @Test
  void schemasAndTablesMayHaveDotsInTheirNames() {
    log.commit(0, PROTOCOL, metadata(SCHEMA), add("a.parquet"));
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .bearerToken(ServerTables.TOKEN)
            .table("a.share", "my.schema", "a.b.table", dir)
            .build();
    try (SharingServer own = SharingServer.start(config)) {
      ServerClient dotted = new ServerClient(own);
      assertThat(dotted.get("/shares/a.share/all-tables").body())
          .contains("\"name\":\"a.b.table\",\"schema\":\"my.schema\",\"share\":\"a.share\"");
      String table = "/shares/a.share/schemas/my.schema/tables/a.b.table";
      HttpResponse<String> query = dotted.post(table + "/query", "{}");
      assertThat(actions(query, "file").get(0).path("url").asText())
          .contains("/files/a.share/my.schema/a.b.table/a.parquet");
      assertThat(dotted.get(table + "/metadata").statusCode()).isEqualTo(200);
    }
  }

  /** Proto3's JSON has 64-bit numbers as texts. */
  @Test
  void numbersMayBeTexts() {
    log.commit(0, PROTOCOL, metadata(SCHEMA), add("a.parquet"));
    log.commit(1, add("b.parquet"));
    assertThat(actions(client.query("c.t", "{\"version\":\"0\"}"), "file")).hasSize(1);
    assertThat(
            actions(
                client.query("c.t", "{\"startingVersion\":\"1\",\"endingVersion\":\"1\"}"), "add"))
        .hasSize(1);
    HttpResponse<String> page = client.query("c.t", "{\"maxFiles\":\"1\",\"limitHint\":\"99\"}");
    assertThat(actions(page, "file")).hasSize(1);
    String token = actions(page, "endStreamAction").get(0).path("nextPageToken").asText();
    assertThat(
            actions(
                client.query(
                    "c.t", "{\"maxFiles\":1,\"limitHint\":99,\"pageToken\":\"" + token + "\"}"),
                "file"))
        .hasSize(1);
    for (String wrong :
        List.of("\"-1\"", "\"1.0\"", "\"\"", "\" 1\"", "\"99999999999999999999\"")) {
      HttpResponse<String> refused = client.query("c.t", "{\"version\":" + wrong + "}");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(message(refused)).contains("version", "whole number, 0 or more");
    }
  }

  @Test
  void theLogSaysWhichFileAnIdIs() {
    log.commit(0, PROTOCOL, metadata(SCHEMA), add("day=1/gone.parquet"));
    String url = actions(client.query("c.t", "{}"), "file").get(0).path("url").asText();
    String id = FileIdScheme.DELTA.id("day=1/gone.parquet");
    try (LogCapture logs = LogCapture.ofProject(Level.WARN)) {
      byte[] body = ServerClient.fetch(url).body();
      assertThat(new String(body, StandardCharsets.UTF_8))
          .contains("File " + id + " of Retail.c.t", "server's log");
      assertThat(String.join("\n", logs.lines())).contains(id, "Retail.c.t", "day=1/gone.parquet");
    }
  }
}
