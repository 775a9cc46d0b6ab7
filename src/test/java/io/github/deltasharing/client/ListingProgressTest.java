/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ListingProgressTest {
  private static final String PAGE_END =
      "{\"endStreamAction\":{\"nextPageToken\":\"2\",\"minUrlExpirationTimestamp\":%d}}";

  private static StubAnswer page(int from, int to, String end) {
    List<String> lines = new ArrayList<>(List.of(ClientFixture.PROTOCOL, ClientFixture.METADATA));
    for (int i = from; i < to; i++) {
      lines.add(ClientFixture.file(i));
    }
    lines.add(end);
    return ClientFixture.table(
        4, "responseformat=parquet;includeEndStreamAction=true", lines.toArray(new String[0]));
  }

  private static QueryResult query(StubServer server, long nanosAFile) {
    AtomicLong now = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(30).toNanos());
    return new QueryCall(
            new RestCaller(ClientFixture.profile(server), ClientFixture.conf()),
            ClientFixture.TABLE,
            ClientFixture.TABLE_PATH.substring("/api".length()),
            QueryRequest.latest(List.of(ResponseFormat.PARQUET), Set.of()),
            AsyncPolling.of(ClientFixture.conf()),
            () -> now.getAndAdd(nanosAFile))
        .result();
  }

  @Test
  void aLongAnswerTellsHowFarItIsEveryTenSeconds() {
    StubAnswer first = page(0, 1_500, PAGE_END.formatted(7));
    try (StubServer server = new StubServer();
        LogCapture log = LogCapture.of(ListingProgress.class, Level.INFO)) {
      server.on(
          ClientFixture.TABLE_PATH + "/query",
          first.cutAfter(first.body().length / 2),
          first,
          page(1_500, 2_600, ClientFixture.END));
      QueryResult answer = query(server, Duration.ofMillis(10).toNanos());
      assertThat(answer.files()).hasSize(2_600);
      assertThat(answer.urlExpiration()).isEqualTo(7);
      // A page that is asked for again is not counted twice.
      String start = "INFO query for share.schema.table: ";
      assertThat(log.lines()).allMatch(line -> line.startsWith(start)).hasSize(3);
      assertThat(log.lines().get(2)).isBetween(start + "2,2", start + "2,3");
    }
  }

  @Test
  void aShortAnswerDoesNot() {
    try (StubServer server = new StubServer();
        LogCapture log = LogCapture.of(ListingProgress.class, Level.INFO)) {
      server.on(ClientFixture.TABLE_PATH + "/query", page(0, 999, ClientFixture.END));
      QueryResult answer = query(server, Duration.ofMillis(10).toNanos());
      assertThat(answer.files()).hasSize(999);
      assertThat(answer.urlExpiration()).isNull();
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void theFirstEndOfAUrlOfAnyPageCounts() {
    for (long[] ends : new long[][] {{5, 9}, {9, 5}}) {
      try (StubServer server = new StubServer()) {
        server.on(
            ClientFixture.TABLE_PATH + "/query",
            page(0, 1, PAGE_END.formatted(ends[0])),
            page(1, 2, PAGE_END.formatted(ends[1]).replace("\"nextPageToken\":\"2\",", "")));
        assertThat(query(server, 0).urlExpiration()).isEqualTo(5);
      }
    }
  }
}
