/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.deltasharing.presign.UserDelegationKey;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.testing.MovableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With a stub of Azure's two endpoints, which says what it was sent. */
@Tag("unit")
class UserDelegationKeysTest {
  private static final Instant NOW = Instant.parse("2026-11-28T20:00:00Z");
  private static final String KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1";

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer azure;
  private int status = 200;
  private String token =
      "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"t0k3n\"}";
  private Duration shorter = Duration.ZERO;
  private String answer =
      "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<UserDelegationKey>\n"
          + "<SignedOid>oid</SignedOid><SignedTid>tid</SignedTid><SignedStart>%s</SignedStart>"
          + "<SignedExpiry>%s</SignedExpiry><SignedService>b</SignedService>"
          + "<SignedVersion>2020-12-06</SignedVersion><Value>"
          + KEY
          + "</Value></UserDelegationKey>";

  private final MovableClock clock = new MovableClock(NOW);

  @BeforeEach
  void start() throws IOException {
    azure = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    azure.createContext("/", this::serve);
    azure.start();
  }

  @AfterEach
  void stop() {
    azure.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String sent = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String response = token;
    if (sent.contains("userdelegationkey")) {
      for (String header : new String[] {"Authorization", "x-ms-version", "x-ms-date"}) {
        sent += "\n" + exchange.getRequestHeaders().getFirst(header);
      }
      String[] parts = body.split("<Start>|</Start><Expiry>|</Expiry>");
      response = answer.formatted(parts[1], Instant.parse(parts[2]).minus(shorter));
    }
    requests.add(sent + "\n" + body);
    byte[] bytes = response.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private UserDelegationKeys keys(String tokenPath) {
    String origin = "http://127.0.0.1:" + azure.getAddress().getPort();
    return new UserDelegationKeys(
        new AzureKeyRequests(
            "account1",
            URI.create(origin),
            new AzureApplication(URI.create(origin + tokenPath), "an id", "s&cret")),
        clock);
  }

  private Instant forward(Duration by) {
    clock.forwardMillis(by.toMillis());
    return clock.instant();
  }

  @Test
  void aTokenAndWithItAKey() {
    UserDelegationKey key = keys("/tenant/oauth2/token").apply(NOW.plusSeconds(3600));
    assertThat(key)
        .isEqualTo(
            new UserDelegationKey(
                "account1",
                "oid",
                "tid",
                NOW.minusSeconds(300),
                NOW.plus(Duration.ofHours(25)),
                "b",
                "2020-12-06",
                KEY));
    assertThat(requests)
        .containsExactly(
            "POST /tenant/oauth2/token\ngrant_type=client_credentials&client_id=an+id"
                + "&client_secret=s%26cret&resource=https%3A%2F%2Fstorage.azure.com%2F",
            "POST /?restype=service&comp=userdelegationkey\nBearer t0k3n\n2020-12-06\n"
                + "Sat, 28 Nov 2026 20:00:00 GMT\n<?xml version=\"1.0\"?><KeyInfo>"
                + "<Start>2026-11-28T19:55:00Z</Start><Expiry>2026-11-29T21:00:00Z</Expiry>"
                + "</KeyInfo>");
  }

  @Test
  void theSecondVersionsEndpointWantsAScope() {
    keys("/tenant/oauth2/v2.0/token").apply(NOW.plusSeconds(3600));
    assertThat(requests.get(0)).endsWith("&scope=https%3A%2F%2Fstorage.azure.com%2F.default");
  }

  @Test
  void aKeyIsKeptForADay() {
    UserDelegationKeys keys = keys("/token");
    UserDelegationKey first = keys.apply(NOW.plusSeconds(3600));
    Instant tomorrow = forward(Duration.ofHours(24));
    assertThat(keys.apply(tomorrow.plusSeconds(3600))).isSameAs(first);
    Instant later = forward(Duration.ofSeconds(1));
    assertThat(keys.apply(later.plusSeconds(3600)).expiry())
        .isEqualTo(later.plus(Duration.ofHours(25)));
    assertThat(requests).hasSize(4);
  }

  @Test
  void whatIsLeftOfAKeyIsUsedWhileThereIsNoOther() {
    UserDelegationKeys keys = keys("/token");
    UserDelegationKey first = keys.apply(NOW.plusSeconds(3600));
    status = 403;
    Instant tomorrow = forward(Duration.ofHours(24).plusSeconds(1));
    for (int url = 0; url < 1000; url++) {
      assertThat(keys.apply(tomorrow.plusSeconds(3600))).isSameAs(first);
    }
    assertThat(requests).hasSize(3);
    Instant end = forward(Duration.ofHours(1));
    assertThatExceptionOfType(ServerError.class)
        .isThrownBy(() -> keys.apply(end.plusSeconds(3600)))
        .satisfies(e -> assertThat(e.status()).isEqualTo(503));
    status = 200;
    Instant again = forward(Duration.ofSeconds(10));
    assertThat(keys.apply(again.plusSeconds(3600)).expiry()).isAfter(again);
  }

  /** Of URLs that live longer than any key there is a request now and then, not one for each. */
  @Test
  void longerThanAnyKey() {
    UserDelegationKeys keys = keys("/token");
    shorter = Duration.ofDays(3);
    for (int url = 0; url < 1000; url++) {
      assertThat(keys.apply(NOW.plus(Duration.ofDays(9))).expiry())
          .isEqualTo(NOW.plus(Duration.ofDays(4)).minusSeconds(600));
    }
    assertThat(requests).hasSize(2);
  }

  @Test
  void nobodyIsToldWhatWentWrong() {
    for (String bad : new String[] {"", "{}", "no JSON", "[1]"}) {
      token = bad;
      refused(keys("/token"));
    }
    token = "{\"access_token\":\"t0k3n\"}";
    for (String bad :
        new String[] {
          "",
          "no XML",
          "<UserDelegationKey/>",
          "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><UserDelegationKey><Value>&e;"
              + "</Value></UserDelegationKey>",
          answer.replace(KEY, "not Base64")
        }) {
      answer = bad;
      refused(keys("/token"));
    }
    status = 302;
    refused(keys("/token"));
    azure.stop(0);
    refused(keys("/token"));
  }

  private static void refused(UserDelegationKeys keys) {
    assertThatExceptionOfType(ServerError.class)
        .isThrownBy(() -> keys.apply(NOW.plusSeconds(60)))
        .withMessage(
            "The table's store gives this server no key to sign URLs with now. Try again later");
  }

  @Test
  void theSecretIsNotSaid() {
    assertThat(new AzureApplication(URI.create("https://login.example.com/t"), "id", "s3cret"))
        .hasToString("AzureApplication[id at https://login.example.com/t]");
  }
}
