/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.IcebergCatalogServer.ANN;
import static io.github.deltasharing.server.IcebergCatalogServer.TABLES;
import static io.github.deltasharing.server.IcebergCatalogServer.error;
import static io.github.deltasharing.server.IcebergCatalogServer.file;
import static io.github.deltasharing.server.IcebergCatalogServer.follow;
import static io.github.deltasharing.server.IcebergCatalogServer.inStore;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.WrittenLog;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests to the store the REST catalog signs for clients. */
class IcebergSigningTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir static Path dir;
  private static IcebergCatalogServer iceberg;

  @BeforeAll
  static void start() throws IOException {
    iceberg = new IcebergCatalogServer(dir);
  }

  @AfterAll
  static void stop() {
    iceberg.close();
  }

  @BeforeEach
  void forget() {
    iceberg.records.clear();
  }

  @Test
  void requestsAreSignedAsTheyAreSent() {
    String file = iceberg.url("whole/part-1.parquet");
    HttpResponse<String> range =
        follow(
            "GET", iceberg.sign("whole", "GET", file, "Range", "bytes=0-3"), "Range", "bytes=0-3");
    assertThat(range.statusCode()).isEqualTo(206);
    assertThat(range.body()).isEqualTo("file");
    assertThat(follow("HEAD", iceberg.sign("whole", "HEAD", file)).statusCode()).isEqualTo(200);
    HttpResponse<String> mode =
        iceberg.sign("whole", "GET", file, "X-Amz-Checksum-Mode", "ENABLED");
    assertThat(ServerClient.json(mode).path("headers").has("x-amz-checksum-mode")).isFalse();
    assertThat(follow("GET", mode, "x-amz-checksum-mode", "ENABLED").body()).isEqualTo("file 1");
    // What was signed for one method, file or header is of no use for another.
    assertThat(follow("HEAD", iceberg.sign("whole", "GET", file)).statusCode()).isEqualTo(403);
    assertThat(follow("DELETE", iceberg.sign("whole", "GET", file)).statusCode()).isEqualTo(403);
    assertThat(iceberg.records)
        .filteredOn(record -> record.endpoint().equals("icebergSign"))
        .allSatisfy(
            record -> {
              assertThat(record.file()).isEqualTo("part-1.parquet");
              assertThat(record.table()).isEqualTo("Retail.sales.Whole");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "whole/secret.txt",
        "whole/_delta_log/00000000000000000000.json",
        "whole/part-9.parquet",
        "whole/",
        "whole",
        "newest/part-1.parquet",
        "whole/../newest/part-1.parquet",
        "whole/%2e%2e/newest/part-1.parquet",
        "whole/./part-1.parquet",
        "whole//part-1.parquet",
        "whole/part-1.parquet/",
        "whole/part-1.parquet?versionId=1",
        "whole/part-1.parquet?",
        "whole/part-1.parquet#x",
        "whole/part-1.parquet%00",
        "whole/part-1.parquet%0d%0aX: y",
        "whole/part-1%2",
        "whole%2fpart-1.parquet%ff",
        "Whole/part-1.parquet"
      })
  void noOtherFileIsSigned(String path) {
    assertThat(error(iceberg.sign("whole", "GET", iceberg.url(path))))
        .isEqualTo("403 ForbiddenException");
  }

  @Test
  void noOtherHostOrMethodIsSigned() {
    String file = "/" + iceberg.bucket + "/t/whole/part-1.parquet";
    String store = S3Store.shared().endpoint().toString();
    for (String url :
        List.of(
            "http://127.0.0.1:1" + file,
            store.replace("http:", "https:") + file,
            store.replace("://", "://user@") + file,
            store + ".evil.example" + file,
            store + "/other" + file,
            store.replace("127.0.0.1", "evil.example") + file,
            "s3://" + iceberg.bucket + "/t/whole/part-1.parquet",
            file,
            "")) {
      assertThat(error(iceberg.sign("whole", "GET", url)))
          .as(url)
          .isEqualTo("403 ForbiddenException");
    }
    for (String method : List.of("PUT", "DELETE", "POST", "PATCH", "OPTIONS", "get", "GET\n", "")) {
      assertThat(error(iceberg.sign("whole", method, store + file)))
          .as(method)
          .isEqualTo("403 ForbiddenException");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x-amz-copy-source, /other/key",
    "x-amz-date, 20200101T000000Z",
    "x-amz-security-token, t",
    "x-amz-request-payer, requester",
    "x-amz-server-side-encryption-customer-key, k",
    "x-amz-content-sha256, STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "Authorization, AWS4-HMAC-SHA256",
  })
  void noOtherHeaderIsSigned(String name, String value) {
    assertThat(
            error(iceberg.sign("whole", "GET", iceberg.url("whole/part-1.parquet"), name, value)))
        .isEqualTo("400 BadRequestException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{\"method\":\"GET\"}",
        "{\"method\":1,\"uri\":\"x\",\"headers\":{}}",
        "{\"method\":\"GET\",\"uri\":\"x\"}",
        "{\"method\":\"GET\",\"uri\":\"x\",\"headers\":[]}",
        "{\"method\":\"GET\",\"uri\":\"x\",\"headers\":{\"x-amz-a\":[\"1\",\"2\"]}}",
        "{\"method\":\"GET\",\"uri\":\"x\",\"headers\":{},\"provider\":\"gcs\"}",
        "{{"
      })
  void badRequestsToSignAreRefused(String body) {
    assertThat(error(iceberg.send("POST", TABLES + "/whole/sign", ANN, body)))
        .isEqualTo("400 BadRequestException");
  }

  @Test
  void aClientGoesOnWithTheStateThatItHasLoaded() {
    String loaded = iceberg.load("moving").path("config").path("s3.signer.endpoint").asText();
    String list = inStore(iceberg.moving.table().currentSnapshot().manifestListLocation());
    assertThat(iceberg.post(loaded, list).statusCode()).isEqualTo(200);
    DataFile first = file(iceberg.moving.table().location(), 1);
    new WrittenLog(dir.resolve("moving")).commit(3, WrittenLog.remove("part-1.parquet"));
    iceberg.moving.commit(3, changes -> changes.newDelete().deleteFile(first).commit());
    S3Store.shared().copy(dir.resolve("moving"), iceberg.bucket, "t/moving/");

    String reloaded = iceberg.load("moving").path("config").path("s3.signer.endpoint").asText();
    assertThat(error(iceberg.post(reloaded, list))).startsWith("403 ");
    assertThat(error(iceberg.post(reloaded, iceberg.url("moving/part-1.parquet"))))
        .startsWith("403 ");
    assertThat(iceberg.post(loaded, list).statusCode()).isEqualTo(200);
    assertThat(iceberg.post(loaded, iceberg.url("moving/part-1.parquet")).statusCode())
        .isEqualTo(200);
    // A state that is not this one's, or is old, is none: the newest state counts.
    iceberg.clock.move(Duration.ofSeconds(3601));
    try {
      assertThat(error(iceberg.post(loaded, list))).startsWith("403 ");
      assertThat(iceberg.post(loaded, iceberg.url("moving/part-2.parquet")).statusCode())
          .isEqualTo(200);
    } finally {
      iceberg.clock.move(Duration.ofSeconds(-3601));
    }
    assertThat(error(iceberg.post(reloaded + "x", list))).startsWith("403 ");
    // Newer clients send it in the body, to the specification's endpoint.
    JsonNode state = iceberg.load("moving").path("remote-signing-config").path("properties");
    ObjectNode body = MAPPER.createObjectNode();
    body.put("method", "GET").put("uri", iceberg.url("moving/part-2.parquet")).putObject("headers");
    body.set("properties", state);
    assertThat(iceberg.send("POST", TABLES + "/moving/sign", ANN, body.toString()).statusCode())
        .isEqualTo(200);
    assertThat(error(iceberg.post(reloaded.replace("/moving/", "/newest/"), list)))
        .startsWith("403 ");
  }
}
