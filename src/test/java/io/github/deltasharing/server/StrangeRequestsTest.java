/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.testing.LogCapture;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no client library sends: refused with a 4xx, no name told, no secret logged. */
@Tag("unit")
class StrangeRequestsTest {
  private static final String TABLE = "/shares/Retail/schemas/sales/tables/small";
  private static final String SIGNATURE = "canary-signature";
  @TempDir static Path dir;
  private static SharingServer server;
  private static ServerClient client;

  @BeforeAll
  static void start() {
    Path table = HandWrittenTable.write(dir.resolve("small"), 1, 10);
    server =
        SharingServer.start(
            ShareConfig.builder()
                .port(0)
                .bearerToken(ServerTables.TOKEN)
                .table(new SharedTable("Retail", "sales", "small", table.toUri(), "", true, 0))
                .build());
    client = new ServerClient(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String send(String request) {
    try (RawClient raw = new RawClient(server.uri())) {
      return raw.send(request).rest();
    }
  }

  private static String head(String start, String... headers) {
    return start
        + "\r\nHost: localhost\r\nConnection: close\r\n"
        + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
        + "\r\n";
  }

  static Stream<String> requestLines() {
    String signed = "/delta-sharing/files/Retail/sales/small/x?expires=1&signature=" + SIGNATURE;
    List<String> lines = new ArrayList<>();
    for (String method :
        List.of("CONNECT", "TRACE", "OPTIONS", "PUT", "DELETE", "PATCH", "PRI", "NONSENSE")) {
      lines.add(method + " " + signed + " HTTP/1.1");
      lines.add(method + " http://localhost" + signed + " HTTP/1.1");
    }
    lines.add("OPTIONS * HTTP/1.1");
    lines.add("GET * HTTP/1.1");
    lines.add("GET //" + signed + " HTTP/1.1");
    lines.add("GET http://[bad" + signed + " HTTP/1.1");
    lines.add("GET ftp://elsewhere" + signed + " HTTP/1.1");
    lines.add("GET nothing" + signed + " HTTP/1.1");
    lines.add("GET " + signed + "%zz HTTP/1.1");
    lines.add("GET " + signed + "&x=%ff%fe HTTP/1.1");
    lines.add("GET " + signed + "&x=%c0%af HTTP/1.1");
    lines.add("GET " + signed + " with spaces HTTP/1.1");
    lines.add("GET " + signed + "&x=" + "y".repeat(20_000) + " HTTP/1.1");
    lines.add("GET " + signed.replace("/x?", "/%c0%ae%c0%ae/x?") + " HTTP/1.1");
    lines.add("GET " + signed.replace("/x?", "/..;/x?") + " HTTP/1.1");
    lines.add("GET " + signed.replace("/x?", "/%2e%2e%2fx?") + " HTTP/1.1");
    lines.add("GET " + signed.replace("/x?", "/a%00b?") + " HTTP/1.1");
    lines.add("GET " + signed.replace("/x?", "/\u00e9\u00ff?") + " HTTP/1.1");
    lines.add("GET " + signed + " HTTP/9.9");
    lines.add("GET " + signed + " HTTP/2.0");
    lines.add("GET " + signed);
    return lines.stream();
  }

  @ParameterizedTest
  @MethodSource("requestLines")
  void isRefusedAndNoSecretIsLogged(String line) {
    try (LogCapture project = LogCapture.ofAll(Level.INFO, "org.apache.spark")) {
      for (String credentials : List.of("Bearer " + ServerTables.TOKEN, "Bearer canary-wrong")) {
        String answer = send(head(line, "Authorization: " + credentials));
        if (!answer.isEmpty()) {
          assertThat(answer).matches("(?s)HTTP/1.[01] [45]\\d\\d .*").doesNotContain(" 500 ");
          assertThat(answer).doesNotContain(SIGNATURE, ServerTables.TOKEN, "\tat ");
        }
      }
      assertThat(project.lines()).noneMatch(text -> text.contains(SIGNATURE));
      assertThat(project.lines()).noneMatch(text -> text.contains("canary"));
    }
  }

  /** Else the client's next request comes to a connection that ends, and is lost. */
  @ParameterizedTest
  @MethodSource("requestLines")
  void aConnectionThatIsToEndSaysSo(String line) {
    String head = line + "\r\nHost: localhost\r\n\r\n";
    String responses = send(head + head("GET /health/live HTTP/1.1"));
    if (responses.split("HTTP/1\\.[01] ", -1).length == 2) {
      assertThat(responses).containsIgnoringCase("\r\nConnection: close\r\n");
    }
  }

  @Test
  void headersThatContradictAreRefused() {
    String start = "POST /delta-sharing" + TABLE + "/query HTTP/1.1";
    String token = "Authorization: Bearer " + ServerTables.TOKEN;
    assertThat(send(head(start, token, "Content-Length: 2", "Content-Length: 3") + "{}"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(send(head(start, token, "Content-Length: 2", "Transfer-Encoding: chunked") + "{}"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(send(head(start, token, "Content-Length: -1") + "{}")).startsWith("HTTP/1.1 400 ");
    assertThat(send(head(start, token, "Content-Length: 2", "X: " + "y".repeat(20_000)) + "{}"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(send(head(start, token, "Content-Length: 2", "Content-Encoding: gzip") + "{}"))
        .startsWith("HTTP/1.1 415 ");
    assertThat(send(head(start, token, "Content-Length: 2", "Expect: 100-continue") + "{}"))
        .contains("HTTP/1.1 200 ");
    assertThat(send(head(start.replace("1.1", "1.0"), token, "Content-Length: 2") + "{}"))
        .contains(" 200 ", "\"protocol\"");
  }

  @Test
  void pipelinedRequestsAreAnsweredInTurn() {
    String one =
        "POST /delta-sharing%s/query HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 2\r\n\r\n{}"
            .formatted(TABLE, ServerTables.TOKEN);
    String last = one.replace("Host: x", "Host: x\r\nConnection: close");
    assertThat(send(one + one + last).split("HTTP/1.1 200 ", -1)).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "1",
        "null",
        "\"x\"",
        "{",
        "{}{}",
        "{} x",
        "{\"version\":0,\"version\":1}",
        "{\"limitHint\":NaN}",
        "{\"version\":{}}",
        "{\"version\":[1]}",
        "{\"version\":1e400}",
        "{\"version\":-1}",
        "{\"version\":9223372036854775808}",
        "{\"maxFiles\":0}",
        "{\"maxFiles\":-5}",
        "{\"limitHint\":-1}",
        "{\"predicateHints\":\"x\"}",
        "{\"jsonPredicateHints\":{}}",
        "{\"timestamp\":\"+999999999-12-31T23:59:59Z\"}",
        "{\"timestamp\":\"-999999999-01-01T00:00:00Z\"}",
        "{\"timestamp\":\"+10000-01-01T00:00:00Z\"}",
        "{\"timestamp\":\"0000-01-01T00:00:00Z\"}",
        "{\"timestamp\":\"0001-01-01T00:00:00+18:00\"}",
        "{\"timestamp\":\"9999-12-31T23:59:59.999999999-18:00\"}",
        "{\"timestamp\":\"soon\"}",
        "{\"startingVersion\":9223372036854775807}",
      })
  void bodiesThatMakeNoSenseAre400(String body) {
    HttpResponse<String> response = client.query("sales.small", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(ServerClient.errorCode(response)).isNotEqualTo("INTERNAL_ERROR");
  }

  @Test
  void bodiesThatAreNoTextAre400() {
    for (byte[] body :
        List.of(
            new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'},
            new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'},
            new byte[] {0, 0, 0},
            new byte[] {(byte) 0xfe, (byte) 0xff, 0, '['})) {
      var request =
          client
              .request(TABLE + "/query")
              .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(body))
              .build();
      assertThat(ServerClient.send(request).statusCode()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"x\":[{},{},[[{\"y\":1}]]],\"z\":{\"version\":[{}]}}",
        "{\"limitHint\":9223372036854775807}",
        "{\"maxFiles\":2147483647}",
        "{\"maxFiles\":1,\"limitHint\":1}",
        "{\"version\":null,\"predicateHints\":null}",
      })
  void bodiesWithUnknownOrHugeValuesAreAnswered(String body) {
    HttpResponse<String> response = client.query("sales.small", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(ServerClient.actions(response, "file")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+999999999-12-31T23:59:59Z",
        "-999999999-01-01T00:00:00Z",
        "+10000-01-01T00:00:00Z",
        "0000-12-31T23:59:59Z",
        "9999-12-31T23:59:59Z",
        "99999999999999999999",
      })
  void extremeTimesInTheQueryStringAre400(String time) {
    String encoded = time.replace("+", "%2B");
    for (String path :
        List.of(
            "/version?startingTimestamp=",
            "/metadata?timestamp=",
            "/changes?startingTimestamp=",
            "/changes?startingVersion=0&endingTimestamp=")) {
      HttpResponse<String> response = client.get(TABLE + path + encoded);
      assertThat(response.statusCode()).as(path + response.body()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version=99999999999999999999",
        "version=%ff",
        "version=%zz",
        "version=%u0031",
        "timestamp=%c0%af",
        "version=1;2",
      })
  void queryStringsThatMakeNoSenseAre400(String query) {
    String answer =
        send(
            head(
                "GET /delta-sharing" + TABLE + "/metadata?" + query + " HTTP/1.1",
                "Authorization: Bearer " + ServerTables.TOKEN));
    assertThat(answer).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void namesCannotBeProbedWithoutAToken() {
    Set<String> answers = new HashSet<>();
    for (String path :
        List.of(
            "/shares",
            TABLE + "/version",
            TABLE + "/metadata",
            TABLE.replace("small", "none") + "/metadata",
            "/shares/none/schemas/none/tables",
            "/nothing")) {
      for (String method : List.of("GET", "HEAD", "POST", "PUT")) {
        answers.add(
            withoutIds(send(head(method + " /delta-sharing" + path + " HTTP/1.1"))).split("\r")[0]);
      }
    }
    answers.add(withoutIds(send(head("GET /elsewhere HTTP/1.1"))).split("\r")[0]);
    assertThat(answers).containsExactly("HTTP/1.1 401 Unauthorized");
  }

  @Test
  void namesCannotBeProbedWithoutASignature() {
    Set<String> answers = new HashSet<>();
    for (String names :
        List.of(
            "Retail/sales/small/" + HandWrittenTable.name(0),
            "Retail/sales/small/none",
            "Retail/sales/small",
            "Retail/sales/none/x",
            "Retail/none/small/x",
            "none/sales/small/x",
            "none",
            "")) {
      for (String query : List.of("", "?expires=99999999999999&signature=x", "?expires=-1")) {
        answers.add(
            withoutIds(send(head("GET /delta-sharing/files/" + names + query + " HTTP/1.1"))));
      }
    }
    assertThat(answers).hasSize(1);
    assertThat(answers.iterator().next()).startsWith("HTTP/1.1 403 ");
  }

  private static String withoutIds(String answer) {
    return answer.replaceAll("(?m)^(x-request-id|Date):.*$", "");
  }
}
