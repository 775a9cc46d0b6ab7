/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import static io.github.deltasharing.client.ClientFixture.METADATA;
import static io.github.deltasharing.client.ClientFixture.PROTOCOL;
import static io.github.deltasharing.client.ClientFixture.TABLE;
import static io.github.deltasharing.client.ClientFixture.TOKEN;
import static io.github.deltasharing.client.ClientFixture.conf;
import static io.github.deltasharing.client.ClientFixture.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.testing.RawServer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server says by its own clock when URLs end; its answers say what time that has. */
@Tag("unit")
class ServerClockTest {
  private static final long LIFE_SECONDS = 900;

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        // How far it is ahead, the date that it says, how far its ends are off here.
        "-7200, true, 0",
        "0, true, 0",
        "7200, true, 0",
        "7200, false, 7200",
      })
  void urlsEndByTheClockOfTheServer(long ahead, boolean saysDate, long off) throws Exception {
    Instant server = Instant.now().plusSeconds(ahead);
    long end = server.plusSeconds(LIFE_SECONDS).toEpochMilli();
    String date =
        saysDate
            ? DateTimeFormatter.RFC_1123_DATE_TIME.format(server.atOffset(ZoneOffset.UTC))
            : "no date";
    String lines =
        String.join(
            "\n",
            PROTOCOL,
            METADATA,
            file(1).replace("\"size\":1", "\"size\":1,\"expirationTimestamp\":" + end),
            "{\"endStreamAction\":{\"minUrlExpirationTimestamp\":" + end + "}}");
    byte[] body = lines.getBytes(StandardCharsets.UTF_8);
    try (RawServer raw =
        new RawServer(
            (out, connection) -> {
              RawServer.head(
                  out, "Date: " + date, "Delta-Table-Version: 3", "Content-Length: " + body.length);
              out.write(body);
            })) {
      String profile =
          "{\"shareCredentialsVersion\":1,\"endpoint\":\"%s\",\"bearerToken\":\"%s\"}"
              .formatted(raw.url(), TOKEN);
      QueryResult result =
          SharingClient.open(() -> Profile.fromJson("p.share", profile), conf("numRetries", "0"))
              .query(TABLE, QueryRequest.latest(List.of(ResponseFormat.PARQUET), List.of()));
      long here = Instant.now().plusSeconds(LIFE_SECONDS + off).toEpochMilli();
      assertThat(result.files().get(0).expirationTimestamp()).isCloseTo(here, within(20_000L));
      assertThat(result.urlExpiration()).isCloseTo(here, within(20_000L));
    }
  }
}
