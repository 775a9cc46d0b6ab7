/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import static io.github.deltasharing.client.ClientFixture.METADATA;
import static io.github.deltasharing.client.ClientFixture.PROTOCOL;
import static io.github.deltasharing.client.ClientFixture.TABLE;
import static io.github.deltasharing.client.ClientFixture.TABLE_PATH;
import static io.github.deltasharing.client.ClientFixture.client;
import static io.github.deltasharing.client.ClientFixture.file;
import static io.github.deltasharing.client.ClientFixture.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queries that are answered later (PROTOCOL.md, "Get Query Info"). */
@Timeout(30)
@Tag("unit")
class AsyncQueryTest {
  private static final String QUERY = TABLE_PATH + "/query";
  private static final String POLL = TABLE_PATH + "/queries/q%2F1";
  private static final QueryRequest REQUEST =
      QueryRequest.latest(List.of(ResponseFormat.PARQUET), List.of());

  private final StubServer server = new StubServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private static StubAnswer pending() {
    return table(3, "", "{\"queryStatus\":{\"queryId\":\"q/1\",\"status\":\"pending\"}}");
  }

  private static StubAnswer snapshot(String... more) {
    String[] lines = new String[more.length + 2];
    lines[0] = PROTOCOL;
    lines[1] = METADATA;
    System.arraycopy(more, 0, lines, 2, more.length);
    return table(3, "", lines);
  }

  @Test
  void isPolledUntilItIsThere() throws Exception {
    server
        .on(QUERY, StubAnswer.status(503), pending())
        .on(POLL, pending(), pending(), snapshot(file(1)));
    QueryResult result =
        client(server, "useAsyncQuery", "true", "asyncQueryRetryInterval", "10ms")
            .query(TABLE, REQUEST.inPagesOf(7));
    assertThat(result.files()).extracting(AddFile::id).containsExactly("1");
    List<StubRequest> requests = server.requests();
    assertThat(requests).hasSize(5);
    assertThat(requests.get(0).header("delta-sharing-capabilities")).endsWith(";asyncquery=true");
    // A submission that is sent again is the same submission.
    JsonNode first = new ObjectMapper().readTree(requests.get(0).body());
    assertThat(requests.get(1).body()).isEqualTo(requests.get(0).body());
    assertThat(first.path("idempotencyKey").asText()).hasSize(36);
    assertThat(first.path("idempotency_key")).isEqualTo(first.path("idempotencyKey"));
    assertThat(requests.get(2)).hasToString("POST " + POLL);
    assertThat(requests.get(4).body()).isEqualTo("{\"maxFiles\":7}");
  }

  @Test
  void itsPagesComeFromThePollToo() {
    server
        .on(QUERY, pending())
        .on(
            POLL,
            snapshot(file(1), "{\"endStreamAction\":{\"nextPageToken\":\"p2\"}}"),
            snapshot(file(2)));
    QueryResult result = client(server, "useAsyncQuery", "true").query(TABLE, REQUEST);
    assertThat(result.files()).extracting(AddFile::id).containsExactly("1", "2");
    assertThat(server.requests().get(2).body()).isEqualTo("{\"pageToken\":\"p2\"}");
  }

  @Test
  void aServerThatDoesNotKnowItAnswersAtOnce() {
    server.on(QUERY, snapshot(file(1)));
    assertThat(client(server, "useAsyncQuery", "true").query(TABLE, REQUEST).files()).hasSize(1);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void failureSaysWhy() {
    server
        .on(QUERY, pending())
        .on(
            POLL,
            table(
                3,
                "",
                "{\"queryStatus\":{\"queryId\":\"q/1\",\"status\":\"failed\",\"errorMessage\":\"too big\"}}"));
    assertThatThrownBy(() -> client(server, "useAsyncQuery", "true").query(TABLE, REQUEST))
        .hasMessageContaining("share.schema.table")
        .hasMessageContaining("too big");
  }

  @Test
  void waitingHasAnEnd() {
    server.on(QUERY, pending()).on(POLL, pending());
    assertThatThrownBy(
            () ->
                client(server, "useAsyncQuery", "true", "asyncQueryTimeout", "1s")
                    .query(TABLE, REQUEST))
        .hasMessageContaining("share.schema.table")
        .hasMessageContaining("asyncQueryTimeout");
    assertThat(server.requests()).hasSizeBetween(2, 4);
  }

  @Test
  void whoDidNotAskForItSaysSo() {
    server.on(QUERY, pending());
    assertThatThrownBy(() -> client(server).query(TABLE, REQUEST))
        .hasMessageContaining("asynchronous");
  }

  @Test
  void anInterruptEndsTheWait() {
    server.on(QUERY, pending()).on(POLL, pending());
    SharingClient client = client(server, "useAsyncQuery", "true");
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> client.query(TABLE, REQUEST)).hasMessageContaining("interrupted");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
