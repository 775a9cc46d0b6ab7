/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import static io.github.deltasharing.client.ClientFixture.END;
import static io.github.deltasharing.client.ClientFixture.METADATA;
import static io.github.deltasharing.client.ClientFixture.PROTOCOL;
import static io.github.deltasharing.client.ClientFixture.TABLE;
import static io.github.deltasharing.client.ClientFixture.TABLE_PATH;
import static io.github.deltasharing.client.ClientFixture.client;
import static io.github.deltasharing.client.ClientFixture.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.http.ResponseBody;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.testing.Blocked;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sharing server that stops sending, before or in its answer. */
class StalledServerTest {
  private static final Duration BOX = Duration.ofSeconds(60);
  private static final StubAnswer WHOLE =
      ClientFixture.table(1, "", PROTOCOL, METADATA, file(1), file(2), END);

  private final StubServer server = new StubServer();

  @AfterEach
  void close() {
    server.close();
  }

  private QueryResult query(String... options) {
    QueryRequest request = QueryRequest.latest(List.of(ResponseFormat.PARQUET), List.of());
    return client(server, options).query(TABLE, request);
  }

  /** Before the headers (-1), before the body, and within each of its parts. */
  private static StubAnswer stalled(int after) {
    return after < 0 ? StubAnswer.hang() : WHOLE.stallAfter(after);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 5, 100, 250, 330})
  void anAnswerThatStallsOnceIsAskedForAgain(int after) {
    server.on(TABLE_PATH + "/query", stalled(after), WHOLE);
    QueryResult result =
        assertTimeoutPreemptively(BOX, () -> query("timeout", "1s", "numRetries", "3"));
    assertThat(result.files()).extracting(AddFile::id).containsExactly("1", "2");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 100})
  void anAnswerThatAlwaysStallsIsOneClearError(int after) {
    server.on(TABLE_PATH + "/query", stalled(after));
    TransientSharingException e =
        assertTimeoutPreemptively(
            BOX,
            () ->
                catchThrowableOfType(
                    TransientSharingException.class,
                    () -> query("timeout", "1s", "numRetries", "1")));
    assertThat(e)
        .hasMessageContaining("Query for share.schema.table failed")
        .hasMessageContaining(server.authority())
        .hasMessageContaining(
            after < 0
                ? "no response within the option 'timeout'"
                : "the response stopped for longer than the option 'timeout'");
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void aGzippedAnswerAndAListingThatStallAreAskedForAgain() {
    server.on(TABLE_PATH + "/query", WHOLE.gzipped().stallAfter(100), WHOLE.gzipped());
    StubAnswer shares = StubAnswer.json("{\"items\":[{\"name\":\"a\"}]}");
    server.on("/api/shares", shares.stallAfter(10), shares);
    assertTimeoutPreemptively(
        BOX,
        () -> {
          assertThat(query("timeout", "1s").files()).hasSize(2);
          assertThat(client(server, "timeout", "1s").listShares()).hasSize(1);
        });
  }

  @Test
  void anErrorWhoseBodyStallsIsTheErrorAllTheSame() {
    server.on(TABLE_PATH + "/query", StubAnswer.error(403, "FORBIDDEN", "canary").stallAfter(10));
    SharingException e =
        assertTimeoutPreemptively(
            BOX, () -> catchThrowableOfType(SharingException.class, () -> query("timeout", "1s")));
    assertThat(e).hasMessageContaining("HTTP 403");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100})
  void anInterruptEndsTheWaitInABodyAtOnceWithoutRetries(int after) throws Exception {
    server.on(TABLE_PATH + "/query", stalled(after));
    try (Blocked call = new Blocked(() -> query())) {
      Blocked.End end = call.awaitIn(ResponseBody.class).interrupt().end(2);
      assertThat(end.failure())
          .isExactlyInstanceOf(SharingException.class)
          .hasMessage("Query for share.schema.table was interrupted.");
      assertThat(end.interrupted()).as("interrupt flag").isTrue();
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void anInterruptInAnErrorsBodyIsNotRetried() throws Exception {
    server.on(TABLE_PATH + "/query", StubAnswer.error(503, "BUSY", "canary").stallAfter(10));
    try (Blocked call = new Blocked(() -> query())) {
      Blocked.End end = call.awaitIn(ResponseBody.class).interrupt().end(2);
      assertThat(end.failure())
          .isExactlyInstanceOf(SharingException.class)
          .hasMessage("Query for share.schema.table was interrupted.");
      assertThat(end.interrupted()).as("interrupt flag").isTrue();
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void answersReadToTheirEndShareAConnection() {
    server.on(TABLE_PATH + "/query", WHOLE, WHOLE.gzipped(), WHOLE);
    for (int i = 0; i < 4; i++) {
      query();
    }
    assertThat(server.requests()).extracting(StubRequest::remotePort).hasSize(4);
    assertThat(server.requests().stream().map(StubRequest::remotePort).distinct()).hasSize(1);
  }

  @Test
  void answersWithoutABodyShareAConnection() {
    server.on(TABLE_PATH + "/version", StubAnswer.empty().withHeader("Delta-Table-Version", "7"));
    for (int i = 0; i < 50; i++) {
      assertThat(client(server).version(TABLE)).isEqualTo(7);
    }
    assertThat(server.requests().stream().map(StubRequest::remotePort).distinct()).hasSize(1);
  }
}
