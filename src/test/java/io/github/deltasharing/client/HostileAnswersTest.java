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
import static io.github.deltasharing.client.ClientFixture.TOKEN;
import static io.github.deltasharing.client.ClientFixture.client;
import static io.github.deltasharing.client.ClientFixture.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.testing.RawServer;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are too much, never end, or are not what they should be: one clear error each. */
@Timeout(60)
@Tag("unit")
class HostileAnswersTest {
  private final StubServer server = new StubServer();

  @AfterEach
  void close() {
    server.close();
  }

  private void assertRefused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOf(SharingException.class)
        .isNotInstanceOf(TransientSharingException.class)
        .hasMessageContainingAll(parts)
        .hasMessageContaining(server.authority());
  }

  private TableMetadata metadata() {
    return client(server).metadata(TABLE, List.of(ResponseFormat.PARQUET), List.of());
  }

  private QueryResult query() {
    return client(server)
        .query(TABLE, QueryRequest.latest(List.of(ResponseFormat.PARQUET), List.of()));
  }

  @Test
  void pagesThatNeverEndAreRefused() {
    AtomicInteger pages = new AtomicInteger();
    server.on(
        "/api/shares",
        request ->
            StubAnswer.json(
                "{\"items\":[],\"nextPageToken\":\"" + pages.incrementAndGet() + "\"}"));
    assertRefused(() -> client(server).listShares(), "more than 100 pages without items");
    server.on(
        TABLE_PATH + "/query",
        request ->
            table(
                1,
                "",
                PROTOCOL,
                METADATA,
                "{\"endStreamAction\":{\"nextPageToken\":\"" + pages.incrementAndGet() + "\"}}"));
    assertRefused(this::query, "more than 1000 pages without files");
  }

  @Test
  void pageTokensThatComeAgainAreRefused() {
    AtomicInteger pages = new AtomicInteger();
    server.on(
        "/api/shares",
        request ->
            StubAnswer.json(
                "{\"items\":[{\"name\":\"a\"}],\"nextPageToken\":\""
                    + pages.getAndIncrement() % 3
                    + "\"}"));
    assertRefused(() -> client(server).listShares(), "Listing shares failed", "next one");
    assertThat(server.requests()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"items\":[{}]}",
        "{\"items\":[null]}",
        "{\"items\":[5]}",
        "{\"items\":[{\"name\":null}]}",
        "{\"items\":[{\"name\":\"\"}]}",
        "{\"items\":[{\"name\":{}}]}"
      })
  void itemsWithoutANameAreRefused(String body) {
    server.on("/api/shares", StubAnswer.json(body));
    assertRefused(() -> client(server).listShares(), "an item without a 'name'");
  }

  @Test
  void noItemsAtAllAreNone() {
    server.on("/api/shares", StubAnswer.json("{\"items\":null}"));
    assertThat(client(server).listShares()).isEmpty();
  }

  @Test
  void jsonBeyondTheReadersLimitsIsNamed() {
    for (String body :
        List.of(
            "{\"items\":" + "[".repeat(2000),
            "{\"items\":[{\"name\":" + "9".repeat(5000) + "}]}")) {
      server.on("/api/shares", StubAnswer.json(body));
      assertRefused(() -> client(server).listShares(), "JSON beyond a limit of the reader");
    }
    for (String line :
        List.of(
            "{\"x\":" + "[".repeat(2000),
            "{\"x\":" + "9".repeat(5000) + "}",
            "{\"protocol\":{\"" + "n".repeat(60_000) + "\":1}}")) {
      server.on(TABLE_PATH + "/metadata", StubAnswer.ndjson(PROTOCOL, line));
      assertRefused(this::metadata, "JSON beyond a limit of the reader", "line 2");
      server.on(TABLE_PATH + "/query", StubAnswer.ndjson(PROTOCOL, METADATA, line));
      assertRefused(this::query, "JSON beyond a limit of the reader", "line 3");
    }
    server.on(
        TABLE_PATH + "/query",
        StubAnswer.ndjson(
            PROTOCOL,
            METADATA,
            "{\"file\":{\"url\":\"u\",\"id\":\"1\",\"size\":99999999999999999999999}}"));
    assertRefused(this::query, "a number that is out of range", "line 3");
    server.on(TABLE_PATH + "/metadata", StubAnswer.error(400, "X", "m").withBody("[".repeat(3000)));
    assertThatThrownBy(this::metadata).hasMessageContaining("HTTP 400");
  }

  /** One and a half gigabytes of blanks in a megabyte and a half. */
  @Test
  void aListingIsLimitedInItsDecodedBytes() {
    byte[] page = new byte[Pages.LARGEST_PAGE + 10];
    java.util.Arrays.fill(page, (byte) ' ');
    server.on("/api/shares", StubAnswer.json("").withBody(page).gzipped());
    assertRefused(() -> client(server).listShares(), "longer than 67108864 bytes");
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"x\":1}\n", "{\"metaData\":null}\n", "\n\n\n\n\n\n\n\n"})
  void linesThatNeverEndAreRefused(String line) throws Exception {
    byte[] lines = line.repeat(5000).getBytes(StandardCharsets.UTF_8);
    try (RawServer raw =
        new RawServer(
            (out, connection) -> {
              RawServer.head(out, "Connection: close");
              while (true) {
                out.write(lines);
              }
            })) {
      ProfileSource profile =
          () ->
              Profile.fromJson(
                  "p.share",
                  "{\"shareCredentialsVersion\":1,\"endpoint\":\"%s\",\"bearerToken\":\"%s\"}"
                      .formatted(raw.url(), TOKEN));
      SharingClient client = SharingClient.open(profile, ClientFixture.conf());
      assertThatThrownBy(() -> client.metadata(TABLE, List.of(ResponseFormat.PARQUET), List.of()))
          .isInstanceOf(SharingException.class)
          .isNotInstanceOf(TransientSharingException.class)
          .hasMessageMatching(".*(more than 1000000 lines|longer than \\d+ bytes).*");
    }
  }

  @Test
  void headersThatNeverEndAreAnError() throws Exception {
    byte[] header = ("X-A: " + "a".repeat(8000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    AtomicInteger sent = new AtomicInteger();
    try (RawServer raw =
        new RawServer(
            (out, connection) -> {
              out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
              for (int i = 0; i < 40_000; i++) {
                out.write(header);
                sent.incrementAndGet();
              }
            })) {
      ProfileSource profile =
          () ->
              Profile.fromJson(
                  "p.share",
                  "{\"shareCredentialsVersion\":1,\"endpoint\":\"%s\",\"bearerToken\":\"%s\"}"
                      .formatted(raw.url(), TOKEN));
      SharingClient client = SharingClient.open(profile, ClientFixture.conf("numRetries", "0"));
      assertThatThrownBy(client::listShares)
          .isInstanceOf(SharingException.class)
          .hasMessageContaining("Listing shares failed");
      assertThat(sent.get()).as("headers sent of 40,000").isLessThan(20_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "99999999999999999999", "1.5", "x", "0x10"})
  void aVersionThatIsNoneIsRefused(String version) {
    StubAnswer answer =
        StubAnswer.ndjson(PROTOCOL, METADATA, END).withHeader("Delta-Table-Version", version);
    server
        .on(TABLE_PATH + "/version", answer)
        .on(TABLE_PATH + "/metadata", answer)
        .on(TABLE_PATH + "/query", answer);
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> client(server).version(TABLE), this::metadata, this::query)) {
      assertRefused(call, "its Delta-Table-Version header is no version: '" + version + "'");
    }
  }

  @Test
  void aTextBodyOfAnErrorIsShownWithoutSecrets() {
    String base64 =
        Base64.getEncoder().encodeToString(("Bearer " + TOKEN).getBytes(StandardCharsets.UTF_8));
    server.on(
        TABLE_PATH + "/version",
        StubAnswer.status(403)
            .withHeader("Content-Type", "text/plain")
            .withHeader("x-request-id", "r-" + TOKEN.toUpperCase(java.util.Locale.ROOT))
            .withBody(
                "no entry\nfor "
                    + base64
                    + " at https://store/f?sig=canary \\u0063"
                    + TOKEN.substring(1)));
    SharingServerException e =
        catchThrowableOfType(SharingServerException.class, () -> client(server).version(TABLE));
    assertThat(e)
        .hasMessageContaining("HTTP 403 (no entry for ")
        .hasMessageContaining("at https://store/f?*** ***)")
        .hasMessageNotContaining("canary")
        .hasMessageNotContaining("0123456789");
    assertThat(e.requestId()).isEqualTo("r-***");
  }
}
