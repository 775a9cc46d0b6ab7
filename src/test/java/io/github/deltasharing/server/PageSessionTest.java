/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.json;
import static io.github.deltasharing.server.ServerClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.config.ShareConfigBuilder;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.MovableClock;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in to the provider's page, and what a session is good for. */
@Tag("unit")
class PageSessionTest {
  private static final String WRONG = "wrong-token-canary-41a7";
  private static final String NEW_SHARE = "{\"name\":\"new\"}";

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private ProviderServer server;

  private ProviderServer start(Consumer<ShareConfigBuilder> settings) {
    server = ProviderServer.start(directory, clock, settings);
    return server;
  }

  private ProviderServer start() {
    return start(config -> {});
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String principal(String name, String role) {
    return server
        .done("POST", "/principals", "{\"name\":\"%s\",\"role\":\"%s\"}".formatted(name, role))
        .path("bearer_token")
        .asText();
  }

  private static String cookie(HttpResponse<?> response) {
    return response.headers().firstValue("Set-Cookie").orElse("");
  }

  @Test
  void aTokenBecomesASessionAndIsNotSentAgain() {
    start();
    HttpResponse<String> response = PageClient.signIn(server, server.adminToken());
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(cookie(response))
        .matches("sharing-session=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict");
    assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(json(response).path("name").asText()).isEqualTo("admin");
    assertThat(json(response).path("role").asText()).isEqualTo("ADMIN");
    PageClient page = PageClient.signedIn(server, server.adminToken());
    assertThat(response.body()).doesNotContain(server.adminToken(), page.cookie());
    assertThat(json(page.session()).path("csrf_token").asText()).isEqualTo(page.csrf());
    page.done("POST", "/shares", NEW_SHARE);
    assertThat(page.done("GET", "/shares", "").path("items")).hasSize(1);
    assertThat(server.records())
        .anySatisfy(
            record -> {
              assertThat(record.endpoint()).isEqualTo("adminCreateShare");
              assertThat(record.principal()).startsWith("admin-");
            });
  }

  @Test
  void overTlsNoOtherHostSetsTheCookie() {
    start(config -> config.externalUrl("https://sharing.example.com"));
    assertThat(cookie(PageClient.signIn(server, server.adminToken())))
        .matches(
            "__Host-sharing-session=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict; Secure");
    PageClient page = PageClient.signedIn(server, server.adminToken());
    assertThat(page.session().statusCode()).isEqualTo(200);
    PageClient other =
        new PageClient(page.origin(), page.cookie().replace("__Host-", ""), page.csrf());
    assertThat(other.send("GET", "/shares", "").statusCode()).isEqualTo(401);
    assertThat(
            page.send("POST", "/shares", NEW_SHARE, "Origin", "https://sharing.example.com")
                .statusCode())
        .isEqualTo(201);
  }

  @Test
  void aChangeNeedsWhatThePageAloneKnows() {
    start();
    PageClient page = PageClient.signedIn(server, server.adminToken());
    String path = "/api/2.1/opensharing/provider/shares";
    for (String csrf : List.of("", "0", page.csrf().substring(1) + "0")) {
      HttpResponse<String> refused = page.bare("POST", path, NEW_SHARE, "X-CSRF-Token", csrf);
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(message(refused)).contains("X-CSRF-Token");
    }
    assertThat(page.bare("POST", path, NEW_SHARE).statusCode()).isEqualTo(403);
    PageClient other = PageClient.signedIn(server, server.adminToken());
    assertThat(page.bare("POST", path, NEW_SHARE, "X-CSRF-Token", other.csrf()).statusCode())
        .isEqualTo(403);
    assertThat(page.bare("GET", path, "").statusCode()).isEqualTo(200);
    assertThat(page.bare("DELETE", "/ui/session", "").statusCode()).isEqualTo(403);
    assertThat(page.send("POST", "/shares", NEW_SHARE).statusCode()).isEqualTo(201);
  }

  @Test
  void whatComesFromAnotherSiteIsRefused() {
    start();
    PageClient page = PageClient.signedIn(server, server.adminToken());
    String own = server.origin().toString();
    List<String[]> foreign =
        List.of(
            new String[] {"Origin", "https://evil.example"},
            new String[] {"Origin", "null"},
            new String[] {"Origin", own + ".evil.example"},
            new String[] {"Origin", "http://127.0.0.1:1"},
            new String[] {"Sec-Fetch-Site", "cross-site"},
            new String[] {"Sec-Fetch-Site", "same-site"},
            new String[] {"Sec-Fetch-Site", "none"},
            new String[] {"Sec-Fetch-Site", "same-origin", "Origin", "https://evil.example"});
    for (String[] headers : foreign) {
      assertThat(page.send("POST", "/shares", NEW_SHARE, headers).statusCode())
          .as(String.join(" ", headers))
          .isEqualTo(403);
      assertThat(PageClient.signIn(server, server.adminToken(), headers).statusCode())
          .as(String.join(" ", headers))
          .isEqualTo(403);
    }
    assertThat(page.send("GET", "/shares", "", "Sec-Fetch-Site", "cross-site").statusCode())
        .isEqualTo(403);
    assertThat(
            page.send("POST", "/shares", NEW_SHARE, "Sec-Fetch-Site", "same-origin", "Origin", own)
                .statusCode())
        .isEqualTo(201);
  }

  @Test
  void aSessionEndsWhenItIsNotUsedAndAfterHalfADay() {
    start();
    PageClient page = PageClient.signedIn(server, server.adminToken());
    for (int i = 0; i < 25; i++) {
      clock.move(Duration.ofMinutes(28));
      assertThat(page.session().statusCode()).as("after %d", i).isEqualTo(200);
    }
    clock.move(Duration.ofMinutes(21));
    assertThat(page.session().statusCode()).isEqualTo(401);

    PageClient idle = PageClient.signedIn(server, server.adminToken());
    clock.move(Duration.ofMinutes(31));
    assertThat(idle.session().statusCode()).isEqualTo(401);
    HttpResponse<String> refused = idle.send("GET", "/shares", "");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(message(refused)).contains("Sign in again");
  }

  @Test
  void aSessionEndsWithItsTokenItsPrincipalAndBySigningOut() {
    start();
    String first = principal("ann", "EDITOR");
    PageClient rotated = PageClient.signedIn(server, first);
    assertThat(rotated.session().statusCode()).isEqualTo(200);
    String second =
        server.done("POST", "/principals/ann/rotate-token", "").path("bearer_token").asText();
    assertThat(rotated.session().statusCode()).isEqualTo(401);
    assertThat(PageClient.signIn(server, first).statusCode()).isEqualTo(401);

    PageClient demoted = PageClient.signedIn(server, second);
    server.done("PATCH", "/principals/ann", "{\"role\":\"VIEWER\"}");
    assertThat(json(demoted.session()).path("role").asText()).isEqualTo("VIEWER");
    assertThat(demoted.send("POST", "/shares", NEW_SHARE).statusCode()).isEqualTo(403);
    server.done("DELETE", "/principals/ann", "");
    assertThat(demoted.send("GET", "/shares", "").statusCode()).isEqualTo(401);

    PageClient out = PageClient.signedIn(server, server.adminToken());
    HttpResponse<String> bye = out.bare("DELETE", "/ui/session", "", "X-CSRF-Token", out.csrf());
    assertThat(bye.statusCode()).isEqualTo(204);
    assertThat(cookie(bye)).startsWith("sharing-session=;").endsWith("Max-Age=0");
    assertThat(out.session().statusCode()).isEqualTo(401);
  }

  @Test
  void aPrincipalHasSomeSessionsAndTheOldestEnds() {
    start();
    List<PageClient> sessions = new ArrayList<>();
    for (int i = 0; i < 21; i++) {
      clock.move(Duration.ofSeconds(1));
      sessions.add(PageClient.signedIn(server, server.adminToken()));
    }
    assertThat(sessions.get(0).session().statusCode()).isEqualTo(401);
    assertThat(sessions.get(1).session().statusCode()).isEqualTo(200);
    assertThat(sessions.get(20).session().statusCode()).isEqualTo(200);
  }

  @Test
  void aCookieIsNothingToTheProtocolAndATokenGoesBeforeIt() {
    start(config -> config.bearerToken("of the configuration"));
    PageClient page = PageClient.signedIn(server, server.adminToken());
    assertThat(page.bare("GET", server.uri().getPath() + "/shares", "").statusCode())
        .isEqualTo(401);
    assertThat(page.send("GET", "/shares", "", "Authorization", "Bearer " + WRONG).statusCode())
        .isEqualTo(401);
    String viewer = principal("vera", "VIEWER");
    assertThat(
            page.send("POST", "/shares", NEW_SHARE, "Authorization", "Bearer " + viewer)
                .statusCode())
        .isEqualTo(403);
    for (String cookie : List.of("sharing-session=", "sharing-session=" + "A".repeat(43))) {
      PageClient none = new PageClient(page.origin(), cookie, page.csrf());
      assertThat(none.send("GET", "/shares", "").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void whoTriesTokensWaitsAndTheRightOneIsNoWayAround() {
    start();
    for (int i = 0; i < 5; i++) {
      assertThat(PageClient.signIn(server, WRONG + i).statusCode()).isEqualTo(401);
    }
    long before = 0;
    for (int i = 0; i < 12; i++) {
      HttpResponse<String> waits = PageClient.signIn(server, server.adminToken());
      assertThat(waits.statusCode()).isEqualTo(429);
      long seconds = Long.parseLong(waits.headers().firstValue("Retry-After").orElseThrow());
      assertThat(seconds).isEqualTo(before == 0 ? 1 : Math.min(2 * before, 900));
      before = seconds;
      clock.move(Duration.ofSeconds(seconds));
      assertThat(PageClient.signIn(server, WRONG).statusCode()).isEqualTo(401);
    }
    clock.move(Duration.ofSeconds(900));
    assertThat(PageClient.signIn(server, server.adminToken()).statusCode()).isEqualTo(201);
    assertThat(PageClient.signIn(server, WRONG).statusCode()).isEqualTo(401);
    assertThat(PageClient.signIn(server, server.adminToken()).statusCode()).isEqualTo(201);
  }

  @Test
  void addressesAreThoseThatTrustedProxiesSayAndAllOfThemAreCounted() {
    start(config -> config.trustedProxies(List.of("127.0.0.1")));
    for (int i = 0; i < 6; i++) {
      PageClient.signIn(server, WRONG, "X-Forwarded-For", "203.0.113.7");
    }
    assertThat(
            PageClient.signIn(server, server.adminToken(), "X-Forwarded-For", "203.0.113.7")
                .statusCode())
        .isEqualTo(429);
    assertThat(
            PageClient.signIn(server, server.adminToken(), "X-Forwarded-For", "203.0.113.8")
                .statusCode())
        .isEqualTo(201);
    for (int i = 0; i < 6; i++) {
      PageClient.signIn(server, WRONG, "X-Forwarded-For", "2001:db8:1:2::" + i);
    }
    assertThat(
            PageClient.signIn(server, server.adminToken(), "X-Forwarded-For", "2001:db8:1:2:3::1")
                .statusCode())
        .isEqualTo(429);
    for (int i = 0; i < 300; i++) {
      PageClient.signIn(server, WRONG, "X-Forwarded-For", "198.51." + i / 200 + "." + i % 200);
    }
    HttpResponse<String> everybody =
        PageClient.signIn(server, server.adminToken(), "X-Forwarded-For", "192.0.2.1");
    assertThat(everybody.statusCode()).isEqualTo(429);
    clock.move(Duration.ofMinutes(1));
    assertThat(
            PageClient.signIn(server, server.adminToken(), "X-Forwarded-For", "192.0.2.1")
                .statusCode())
        .isEqualTo(201);
  }

  @Test
  void aRefusedTokenIsInNoLogAndNoAnswer() {
    start();
    try (LogCapture log = LogCapture.ofProject(Level.DEBUG)) {
      HttpResponse<String> response = PageClient.signIn(server, WRONG);
      assertThat(response.body()).doesNotContain(WRONG);
      PageClient page = PageClient.signedIn(server, server.adminToken());
      page.done("GET", "/shares", "");
      assertThat(log.lines())
          .anySatisfy(line -> assertThat(line).contains("127.0.0.1", "was refused"))
          .allSatisfy(
              line ->
                  assertThat(line)
                      .doesNotContain(
                          WRONG,
                          server.adminToken(),
                          page.csrf(),
                          page.cookie().replaceAll(".*=", "")));
    }
  }

  @Test
  void otherBodiesAndMethodsAreRefused() {
    start();
    PageClient nobody = new PageClient(server.origin(), "x=y", "");
    String[] json = {"Content-Type", "application/json"};
    assertThat(nobody.bare("POST", "/ui/session", "token=x").statusCode()).isEqualTo(415);
    assertThat(nobody.bare("POST", "/ui/session", "{", json).statusCode()).isEqualTo(400);
    assertThat(nobody.bare("POST", "/ui/session", "{\"token\":1}", json).statusCode())
        .isEqualTo(400);
    assertThat(nobody.bare("POST", "/ui/session", "{\"token\":\"\"}", json).statusCode())
        .isEqualTo(401);
    assertThat(nobody.bare("PUT", "/ui/session", "{}", json).statusCode()).isEqualTo(405);
    assertThat(nobody.session().statusCode()).isEqualTo(204);
    assertThat(nobody.bare("DELETE", "/ui/session", "").statusCode()).isEqualTo(204);
  }

  @Test
  void aClockThatWasAheadMakesNoSessionLonger() {
    start();
    clock.move(Duration.ofDays(30));
    PageClient ahead = PageClient.signedIn(server, server.adminToken());
    clock.move(Duration.ofDays(-30));
    assertThat(ahead.session().statusCode()).isEqualTo(401);

    PageClient page = PageClient.signedIn(server, server.adminToken());
    clock.move(Duration.ofMinutes(-20));
    assertThat(page.session().statusCode()).isEqualTo(200);
    clock.move(Duration.ofMinutes(29));
    assertThat(page.session().statusCode()).isEqualTo(200);
    clock.move(Duration.ofMinutes(-20));
    assertThat(page.session().statusCode()).isEqualTo(200);
    clock.move(Duration.ofMinutes(31));
    assertThat(page.session().statusCode()).isEqualTo(401);
  }

  @Test
  void theAuditNamesWhoseSessionIsAbused() {
    start();
    PageClient page = PageClient.signedIn(server, server.adminToken());
    page.bare("POST", "/api/2.1/opensharing/provider/shares", NEW_SHARE);
    assertThat(server.auditEvents("?status=403"))
        .singleElement()
        .satisfies(event -> assertThat(event.at("/actor/name").asText()).isEqualTo("admin"));
  }
}
