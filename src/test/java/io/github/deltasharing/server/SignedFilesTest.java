/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.testing.MovableClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files behind signed URLs: ranges, conditions, and everything that must not be served. */
class SignedFilesTest {
  private static final MovableClock CLOCK = new MovableClock();
  private static SharingServer server;
  private static String url;
  private static byte[] bytes;

  @BeforeAll
  static void start() throws IOException {
    server = SharingServer.start(ServerTables.config().build(), access -> {}, CLOCK);
    url = firstFile().path("url").asText();
    String name = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    bytes = Files.readAllBytes(ServerTables.directory("plain").resolve(name));
  }

  private static JsonNode firstFile() {
    return ServerClient.actions(new ServerClient(server).query("sales.plain", "{}"), "file").get(0);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void servesTheWholeFile() {
    HttpResponse<byte[]> response = ServerClient.fetch(url, "Accept-Encoding", "gzip");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(bytes);
    assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(response.headers().firstValue("Accept-Ranges")).contains("bytes");
    assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(bytes.length);
    assertThat(response.headers().firstValue("ETag")).isPresent();
    assertThat(response.headers().firstValue("Last-Modified")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"bytes=0-3,0,4", "bytes=4-4,4,5", "bytes=10-,10,-1", "bytes=-8,-8,-1"})
  void servesRanges(String range, int from, int to) {
    int start = from < 0 ? bytes.length + from : from;
    int end = to < 0 ? bytes.length : to;
    HttpResponse<byte[]> response = ServerClient.fetch(url, "Range", range);
    assertThat(response.statusCode()).isEqualTo(206);
    assertThat(response.body()).isEqualTo(Arrays.copyOfRange(bytes, start, end));
    assertThat(response.headers().firstValue("Content-Range"))
        .contains("bytes " + start + "-" + (end - 1) + "/" + bytes.length);
  }

  @Test
  void cutsRangesAtTheEndAndRefusesThoseBehindIt() {
    HttpResponse<byte[]> over = ServerClient.fetch(url, "Range", "bytes=5-99999999");
    assertThat(over.statusCode()).isEqualTo(206);
    assertThat(over.body()).hasSize(bytes.length - 5);
    HttpResponse<byte[]> behind = ServerClient.fetch(url, "Range", "bytes=" + bytes.length + "-");
    assertThat(behind.statusCode()).isEqualTo(416);
    assertThat(behind.headers().firstValue("Content-Range")).contains("bytes */" + bytes.length);
  }

  /** Delta Kernel in Rust reads a URL by HTTP only if a parameter says that it is signed. */
  @Test
  void saysThatItIsSignedInAWayThatOtherClientsKnow() {
    assertThat(java.net.URI.create(url).getQuery().split("&")).contains("sp=r");
  }

  @Test
  void headHasNoBody() {
    HttpResponse<byte[]> head =
        ServerClient.send(
            HttpRequest.newBuilder(java.net.URI.create(url))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(bytes.length);
  }

  @Test
  void theEntityTagIsStrongAndStable() {
    String etag = ServerClient.fetch(url).headers().firstValue("ETag").get();
    assertThat(etag).matches("\"[0-9a-f-]+\"");
    assertThat(ServerClient.fetch(url, "Range", "bytes=0-0").headers().firstValue("ETag"))
        .contains(etag);
    assertThat(ServerClient.fetch(url, "Range", "bytes=0-3", "If-Range", etag).body())
        .isEqualTo(Arrays.copyOf(bytes, 4));
  }

  @Test
  void honoursConditions() {
    String modified = ServerClient.fetch(url).headers().firstValue("Last-Modified").get();
    HttpResponse<byte[]> same = ServerClient.fetch(url, "If-Modified-Since", modified);
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(ServerClient.fetch(url, "If-Match", "\"other\"").statusCode()).isEqualTo(412);
  }

  @Test
  void ifRangeNeverMixesTwoStatesOfAFile() {
    HttpResponse<byte[]> changed =
        ServerClient.fetch(url, "Range", "bytes=0-3", "If-Range", "\"another-state\"");
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(changed.body()).isEqualTo(bytes);
    String modified = ServerClient.fetch(url).headers().firstValue("Last-Modified").get();
    HttpResponse<byte[]> same = ServerClient.fetch(url, "Range", "bytes=0-3", "If-Range", modified);
    assertThat(same.body()).startsWith(Arrays.copyOf(bytes, 4));
  }

  @Test
  void refusesOtherMethods() {
    HttpResponse<String> response =
        ServerClient.send(
            HttpRequest.newBuilder(java.net.URI.create(url))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build());
    assertThat(response.statusCode()).isEqualTo(405);
  }

  @Test
  void refusesWhatWasTamperedWith() {
    String other = url.replace("/plain/", "/travel/");
    String longer = url.replace("expires=1", "expires=2");
    String forged = url.replaceAll("signature=.", "signature=_");
    String unsigned = url.substring(0, url.indexOf('?'));
    String otherFile = url.replace("part-0000", "part-0001");
    for (String bad : List.of(other, longer, forged, unsigned, otherFile)) {
      assertThat(bad).isNotEqualTo(url);
      HttpResponse<byte[]> response = ServerClient.fetch(bad);
      assertThat(response.statusCode()).as(bad).isEqualTo(403);
      assertThat(new String(response.body(), StandardCharsets.UTF_8))
          .contains("PERMISSION_DENIED")
          .contains("signature");
    }
  }

  @Test
  void refusesExpiredUrls() {
    String fresh = firstFile().path("url").asText();
    assertThat(ServerClient.fetch(fresh).statusCode()).isEqualTo(200);
    CLOCK.forwardMillis(3_601_000);
    HttpResponse<byte[]> response = ServerClient.fetch(fresh);
    CLOCK.forwardMillis(-3_601_000);
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("expired");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../travel/_delta_log/00000000000000000000.json",
        "%2e%2e/travel/_delta_log/00000000000000000000.json",
        "..%2Ftravel%2F_delta_log%2F00000000000000000000.json",
        "_delta_log/00000000000000000000.json",
        "_delta_log%2F00000000000000000000.json",
        "%5Fdelta_log/00000000000000000000.json",
        "%252e%252e/travel",
        "..%5Ctravel",
        "a%00b",
        "/etc/passwd",
        "%2Fetc%2Fpasswd",
      })
  void refusesPathsThatLeadElsewhere(String path) throws IOException {
    String query = url.substring(url.indexOf('?'));
    String raw = server.uri().getPath() + "/files/Retail/sales/plain/" + path + query;
    // By hand: a client library might tidy the path up.
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
      socket
          .getOutputStream()
          .write(
              ("GET " + raw + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String status = in.readLine();
      String rest = String.join("\n", in.lines().toList());
      assertThat(status).containsAnyOf(" 400 ", " 403 ");
      assertThat(rest).doesNotContain("commitInfo", "root:").contains("errorCode");
    }
  }

  @Test
  void urlsNameTheHostThatTheClientNamed() {
    String byName = server.uri().toString().replace("127.0.0.1", "localhost");
    HttpRequest request =
        HttpRequest.newBuilder(
                java.net.URI.create(byName + "/shares/retail/schemas/sales/tables/plain/query"))
            .headers(
                "Authorization", "Bearer " + ServerTables.TOKEN,
                "X-Forwarded-Host", "evil.example",
                "Forwarded", "host=evil.example")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    String localUrl =
        ServerClient.actions(ServerClient.send(request), "file").get(0).path("url").asText();
    assertThat(localUrl).startsWith(byName + "/files/");
    assertThat(ServerClient.fetch(localUrl).statusCode()).isEqualTo(200);
  }
}
