/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.testing.MovableClock;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who opens an activation link, and what only looks at it. */
@Tag("unit")
class ActivationPageTest {
  private static final String BROWSER =
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8";
  private static final String JSON = "application/json";

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private ProviderServer server;
  private String link;

  @BeforeEach
  void start() {
    HandWrittenTable.write(directory.resolve("tables/orders"), 3, 10);
    server = ProviderServer.start(directory, clock, config -> {});
    link = invite("acme");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String invite(String name) {
    return server
        .done("POST", "/recipients", "{\"name\":\"%s\"}".formatted(name))
        .at("/token/activation_url")
        .asText();
  }

  private static HttpResponse<String> send(String method, String url, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.noBody());
    return ServerClient.send(
        headers.length == 0 ? request.build() : request.headers(headers).build());
  }

  @Test
  void aBrowserGetsAPageAndTheLinkStaysClosed() {
    HttpResponse<String> page = send("GET", link, "Accept", BROWSER);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(page.headers().firstValue("Referrer-Policy")).contains("no-referrer");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.body())
        .contains("acme", "127.0.0.1:" + server.uri().getPort(), "Download config.share")
        .contains(clock.instant().plus(Duration.ofDays(3)).toString())
        .doesNotContain("{{", link.substring(link.lastIndexOf('/') + 1), "http://127", "onclick")
        .doesNotContainPattern("(src|href)=\"(?!/ui/)")
        .doesNotContainPattern("(?s)<script[^>]*>[^<]|<style|style=");
    assertThat(server.activate(link).path("bearerToken").asText()).hasSize(43);
  }

  @ParameterizedTest
  @ValueSource(strings = {BROWSER, "*/*", JSON})
  void aHeadLooksOnly(String accept) {
    HttpResponse<String> head = send("HEAD", link, "Accept", accept);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    server.activate(link);
    assertThat(send("HEAD", link, "Accept", accept).statusCode()).isEqualTo(404);
  }

  /** What previews, scanners and pages of others send. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept: image/avif,image/webp,*/*;q=0.8; Sec-Fetch-Dest: image",
        "Accept: */*; Sec-Fetch-Dest: image",
        "Accept: */*; Sec-Fetch-Dest: document",
        "Accept: image/png",
        "Accept: text/html",
        "Accept: application/json;q=0.5, TEXT/HTML",
      })
  void whatIsNoClientOpensNone(String headers) {
    String[] all = headers.split("; (?=Sec)|: ");
    assertThat(send("GET", link, all).statusCode()).isEqualTo(200);
    server.activate(link);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "application/json",
        "application/json, text/html;q=0.5",
        "application/json, */*",
        "application/*",
      })
  void aClientOpensIt(String accept) {
    HttpResponse<String> profile = send("GET", link, "Accept", accept);
    assertThat(json(profile).path("shareCredentialsVersion").asInt()).isEqualTo(1);
    assertThat(send("GET", link, "Accept", accept).statusCode()).isEqualTo(404);
  }

  @Test
  void aClientThatSaysNothingOpensIt() {
    assertThat(json(send("GET", link)).path("bearerToken").asText()).hasSize(43);
  }

  @Test
  void theButtonOpensItOnce() {
    HttpResponse<String> profile = send("POST", link, "Accept", BROWSER);
    assertThat(profile.statusCode()).isEqualTo(200);
    assertThat(profile.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"config.share\"");
    assertThat(json(profile).path("endpoint").asText()).isEqualTo(server.uri().toString());
    for (String method : new String[] {"GET", "POST"}) {
      HttpResponse<String> again = send(method, link, "Accept", BROWSER);
      assertThat(again.statusCode()).isEqualTo(404);
      assertThat(again.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
      assertThat(again.body()).contains("This link cannot be opened", "Ask the provider");
    }
    assertThat(send("POST", link).statusCode()).isEqualTo(404);
  }

  @Test
  void thePageIsToldWhatIsShared() {
    server.share("retail", "sales.orders", "orders");
    server.share("other", "sales.orders", "orders");
    server.grant("retail", "acme");
    JsonNode all = json(send("POST", link + "?overview=true", "Accept", JSON));
    assertThat(all.path("shares")).hasSize(1);
    assertThat(all.at("/shares/0/name").asText()).isEqualTo("retail");
    assertThat(all.at("/shares/0/tables/0/name").asText()).isEqualTo("orders");
    assertThat(all.at("/shares/0/tables/0/snippets/sql").asText())
        .contains("config.share#retail.sales.orders");
    assertThat(all.path("more").asBoolean()).isFalse();
    String token = all.at("/profile/bearerToken").asText();
    assertThat(server.get(token, "/shares/retail").statusCode()).isEqualTo(200);
    assertThat(all.path("shares").toString()).doesNotContain(token);
  }

  @Test
  void namesAreTexts() {
    String page = send("GET", invite("<b>&'x${1}{{title}}"), "Accept", BROWSER).body();
    assertThat(page)
        .contains("Data shared with &lt;b&gt;&amp;&#39;x${1}{{title}}")
        .doesNotContain("<b>");
  }

  @Test
  void anOldLinkAndNoLinkAreTheSamePage() {
    clock.move(Duration.ofDays(3));
    HttpResponse<String> old = send("GET", link, "Accept", BROWSER);
    String none = link.substring(0, link.lastIndexOf('/'));
    assertThat(old.statusCode()).isEqualTo(404);
    for (String other : new String[] {"/x", "/" + "A".repeat(43), "/" + "A".repeat(43) + "/"}) {
      HttpResponse<String> page = send("GET", none + other, "Accept", BROWSER);
      assertThat(page.statusCode()).isEqualTo(404);
      assertThat(page.body()).isEqualTo(old.body());
    }
  }

  @Test
  void otherMethodsAreRefusedAndOpenNothing() {
    for (String accept : new String[] {BROWSER, JSON}) {
      HttpResponse<String> put = send("PUT", link, "Accept", accept);
      assertThat(put.statusCode()).isEqualTo(405);
      assertThat(put.headers().firstValue("Allow")).contains("GET, HEAD, POST");
    }
    server.activate(link);
  }
}
