/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.http.AccessRecord;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What is noted about requests, and what never is. */
class AccessLogTest {
  @Test
  void notesEachRequestBeforeItsAnswerEndsAndNoSecret() {
    List<AccessRecord> log = new CopyOnWriteArrayList<>();
    try (SharingServer server = SharingServer.start(ServerTables.config().build(), log::add)) {
      ServerClient client = new ServerClient(server);
      String hint =
          "{\"jsonPredicateHints\":\"{\\\"op\\\":\\\"lessThan\\\",\\\"children\\\":["
              + "{\\\"op\\\":\\\"column\\\",\\\"name\\\":\\\"id\\\",\\\"valueType\\\":\\\"long\\\"},"
              + "{\\\"op\\\":\\\"literal\\\",\\\"value\\\":\\\"30\\\",\\\"valueType\\\":\\\"long\\\"}]}\"}";
      HttpResponse<String> response = client.query("sales.plain", hint, "x-request-id", "my-id");
      assertThat(log).hasSize(1);
      AccessRecord query = log.get(0);
      assertThat(query.endpoint()).isEqualTo("query");
      assertThat(query.method()).isEqualTo("POST");
      assertThat(query.table()).isEqualTo("Retail.sales.plain");
      assertThat(query.version()).isZero();
      assertThat(query.format()).isEqualTo("parquet");
      assertThat(query.files()).isEqualTo(2);
      assertThat(query.skippedFiles()).isEqualTo(2);
      assertThat(query.status()).isEqualTo(200);
      assertThat(query.bytes()).isEqualTo(response.body().length());
      assertThat(query.requestId()).isEqualTo("my-id");
      assertThat(query.principal()).matches("[0-9a-f]{12}");
      assertThat(query.client()).isEqualTo("127.0.0.1");

      String url = ServerClient.actions(response, "file").get(0).path("url").asText();
      ServerClient.fetch(url, "Range", "bytes=0-9");
      assertThat(log).hasSize(2);
      assertThat(log.get(1).endpoint()).isEqualTo("file");
      assertThat(log.get(1).range()).isEqualTo("bytes=0-9");
      assertThat(log.get(1).bytes()).isEqualTo(10);
      assertThat(log.get(1).status()).isEqualTo(206);
      assertThat(log.get(1).principal()).isEmpty();
      assertThat(url).contains(log.get(1).file());

      client.get("/shares", "Authorization", "Bearer wrong-canary");
      client.get("/shares/no%0Ashare");
      client.get("/shares/none");
      ServerClient.fetch(url + "x");
      assertThat(log)
          .extracting(AccessRecord::status)
          .containsExactly(200, 206, 401, 400, 404, 403);
      assertThat(log)
          .extracting(AccessRecord::errorCode)
          .containsExactly(
              "",
              "",
              "UNAUTHENTICATED",
              "MALFORMED_REQUEST",
              "RESOURCE_DOES_NOT_EXIST",
              "PERMISSION_DENIED");

      String signature = URI.create(url).getQuery().replaceAll(".*signature=", "");
      for (AccessRecord entry : log) {
        assertThat(entry.toString() + entry.toLogLine())
            .doesNotContain(ServerTables.TOKEN, "wrong-canary", signature, "signature=", "\n");
      }
      assertThat(query.toLogLine())
          .contains("endpoint=query table=Retail.sales.plain version=0 format=parquet files=2")
          .contains("status=200 request_id=my-id")
          .doesNotContain("error=", "range=");
    }
  }

  @Test
  void quotesValuesThatNeedIt() {
    AccessRecord entry =
        new AccessRecord(
            java.time.Instant.EPOCH,
            1,
            "c",
            "",
            "GET",
            "e",
            "a b\"\n",
            -1,
            "",
            -1,
            -1,
            "",
            "",
            "",
            0,
            200,
            "",
            "",
            "r",
            AccessRecord.Sender.UNKNOWN,
            List.of(),
            "");
    assertThat(entry.toLogLine())
        .isEqualTo(
            "time=1970-01-01T00:00:00Z duration_ms=1 client=c method=GET endpoint=e"
                + " table=\"a b\\\"\\u000a\" bytes=0 status=200 request_id=r");
  }
}
