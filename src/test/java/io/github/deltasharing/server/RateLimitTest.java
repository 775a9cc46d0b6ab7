/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static io.github.deltasharing.server.ServerClient.errorCode;
import static io.github.deltasharing.server.ServerClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.testing.MovableClock;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken of recipients that send too much, and of those that try tokens. */
@Tag("unit")
class RateLimitTest {
  private static final String TABLE = "retail/schemas/sales/tables/orders";
  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private ProviderServer server;

  @BeforeEach
  void start() throws Exception {
    Path table = HandWrittenTable.write(directory.resolve("tables/orders"), 3, 10);
    for (int i = 0; i < 3; i++) {
      Files.writeString(table.resolve(HandWrittenTable.name(i)), "0123456789");
    }
    server =
        ProviderServer.start(
            directory,
            clock,
            config ->
                config
                    .rateLimit(2, 6)
                    .failedSignInsPerMinute(5)
                    .trustedProxies(List.of("127.0.0.1")));
    server.share("retail", "sales.orders", "orders");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String recipient(String name) {
    String token = server.recipient(name).path("bearerToken").asText();
    server.grant("retail", name);
    return token;
  }

  private void isRefused(HttpResponse<String> response, String wait) {
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("Retry-After")).contains(wait);
    assertThat(errorCode(response)).isEqualTo("REQUEST_LIMIT_EXCEEDED");
    assertThat(message(response))
        .endsWith("Try again in " + wait + (wait.equals("1") ? " second" : " seconds"));
  }

  @Test
  void aRecipientThatSendsTooMuchIsToldWhenToComeAgainAndOthersGoOn() {
    String acme = recipient("acme");
    String other = recipient("other");
    for (int i = 0; i < 6; i++) {
      assertThat(server.get(acme, "/shares").statusCode()).isEqualTo(200);
    }
    isRefused(server.get(acme, "/shares"), "1");
    isRefused(server.query(acme, TABLE, "{}"), "1");
    assertThat(server.get(other, "/shares").statusCode()).isEqualTo(200);
    assertThat(server.admin("GET", "/shares", "").statusCode()).isEqualTo(200);
    clock.move(Duration.ofMillis(500));
    assertThat(server.get(acme, "/shares").statusCode()).isEqualTo(200);
    isRefused(server.get(acme, "/shares"), "1");
    assertThat(server.records()).extracting(AccessRecord::status).contains(429);
  }

  @Test
  void filesAreNotCounted() {
    String acme = recipient("acme");
    String url = actions(server.query(acme, TABLE, "{}"), "file").get(0).path("url").asText();
    for (int i = 0; i < 30; i++) {
      assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
    }
    for (int i = 0; i < 5; i++) {
      assertThat(server.get(acme, "/shares").statusCode()).isEqualTo(200);
    }
    isRefused(server.get(acme, "/shares"), "1");
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> from(String address, String token) {
    return ServerClient.send(
        HttpRequest.newBuilder(URI.create(server.uri() + "/shares"))
            .header("Authorization", "Bearer " + token)
            .header("X-Forwarded-For", address)
            .build());
  }

  @Test
  void whoTriesTokensIsRefusedWithoutALookAtThem() {
    String acme = recipient("acme");
    String late = recipient("late");
    assertThat(from("192.0.2.7", acme).statusCode()).isEqualTo(200);
    for (int i = 0; i < 5; i++) {
      assertThat(from("192.0.2.7", "wrong " + i).statusCode()).isEqualTo(401);
    }
    isRefused(from("192.0.2.7", "wrong"), "12");
    // Neither is one that is right looked at, unless it was right before.
    isRefused(from("192.0.2.7", late), "12");
    assertThat(from("192.0.2.7", acme).statusCode()).isEqualTo(200);
    assertThat(from("192.0.2.8", late).statusCode()).isEqualTo(200);
    assertThat(from("192.0.2.7", late).statusCode()).isEqualTo(200);
    clock.move(Duration.ofSeconds(12));
    assertThat(from("192.0.2.7", "wrong").statusCode()).isEqualTo(401);
    isRefused(from("192.0.2.7", "wrong"), "12");
  }

  @Test
  void addressesOfOneNetworkAreOne() {
    for (int i = 0; i < 5; i++) {
      assertThat(from("2001:db8:1:2::" + i, "wrong").statusCode()).isEqualTo(401);
    }
    isRefused(from("2001:db8:1:2:3::1", "wrong"), "12");
    assertThat(from("2001:db8:1:3::1", "wrong").statusCode()).isEqualTo(401);
  }

  @Test
  void theAdminApiAndActivationLinksCountToo() {
    assertThat(server.as("wrong", "GET", "/shares", "").statusCode()).isEqualTo(401);
    assertThat(server.as("wrong", "DELETE", "/shares/retail", "").statusCode()).isEqualTo(401);
    String activation = server.origin() + "/api/2.1/opensharing/activation/" + "A".repeat(43);
    for (int i = 0; i < 3; i++) {
      assertThat(ProviderServer.open(activation).statusCode()).isEqualTo(404);
    }
    isRefused(ProviderServer.open(activation), "12");
    isRefused(server.as("wrong", "GET", "/shares", ""), "12");
    assertThat(server.admin("GET", "/shares", "").statusCode()).isEqualTo(200);
  }

  @Test
  void aTokenThatWasRightAndIsNoMoreIsOneThatIsWrong() {
    String acme = recipient("acme");
    assertThat(server.get(acme, "/shares").statusCode()).isEqualTo(200);
    server.done("DELETE", "/recipients/acme", "");
    for (int i = 0; i < 5; i++) {
      assertThat(server.get(acme, "/shares").statusCode()).isEqualTo(401);
    }
    isRefused(server.get(acme, "/shares"), "12");
  }

  @Test
  void aRequestWithoutATokenIsNoAttempt() {
    HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + "/shares")).build();
    for (int i = 0; i < 10; i++) {
      assertThat(ServerClient.send(request).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void aBrowserIsToldWhenToOpenItsLinkAgain() {
    for (int i = 0; i < 5; i++) {
      from("127.0.0.1", "wrong " + i);
    }
    HttpResponse<String> page =
        ServerClient.send(
            HttpRequest.newBuilder(
                    URI.create(
                        server.origin() + "/api/2.1/opensharing/activation/" + "A".repeat(43)))
                .header("Accept", "text/html")
                .build());
    assertThat(page.statusCode()).isEqualTo(429);
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("Retry-After")).contains("12");
    assertThat(page.body())
        .contains("Try again in 12 seconds", "the link is as it was")
        .doesNotContain("somebody else");
  }

  @Test
  void theAuditNamesWhoSentTooMuchAndWhoTriesTokensAtTheMetrics() {
    server.close();
    server =
        ProviderServer.start(
            directory.resolve("other"),
            clock,
            config -> config.rateLimit(1, 1).bearerToken("the configuration's"));
    assertThat(server.get("the configuration's", "/shares").statusCode()).isEqualTo(200);
    assertThat(server.get("the configuration's", "/shares").statusCode()).isEqualTo(429);
    for (String token : List.of("wrong", server.adminToken())) {
      ServerClient.send(
          HttpRequest.newBuilder(URI.create(server.origin() + "/metrics"))
              .header("Authorization", "Bearer " + token)
              .build());
    }
    assertThat(server.auditEvents("?status=429"))
        .singleElement()
        .satisfies(event -> assertThat(event.at("/actor/type").asText()).isEqualTo("TOKEN"));
    assertThat(server.auditEvents("?operation=metrics"))
        .singleElement()
        .satisfies(event -> assertThat(event.path("status").asInt()).isEqualTo(401));
  }
}
