/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static io.github.deltasharing.it.CanarySecrets.CORE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads of {@link CanaryIT} that fail: of servers, stores and proxies that say back what they were
 * sent, and of profiles and options that are wrong.
 */
final class CanaryFailures implements AutoCloseable {
  private final StubServer echo = new StubServer().onAnything(CanaryFailures::echo);
  private final CanaryReads reads;
  private final Map<String, String> shown;

  /**
   * @param shown gets what each of them throws
   */
  CanaryFailures(CanaryReads reads, Map<String, String> shown) {
    this.reads = reads;
    this.shown = shown;
  }

  /** Says everything back that it was sent, in all forms. */
  private static StubAnswer echo(StubRequest request) {
    String said = request.target() + " " + request.headers();
    String all =
        said
            + " "
            + URLEncoder.encode(said, StandardCharsets.UTF_8)
            + " "
            + Base64.getEncoder().encodeToString(said.getBytes(StandardCharsets.UTF_8))
            + " "
            + request.headers().values().stream()
                .map(v -> v.replace("Bearer ", "").getBytes(StandardCharsets.UTF_8))
                .map(Base64.getEncoder()::encodeToString)
                .toList();
    int status = request.target().contains("/bad/") ? 400 : 503;
    return StubAnswer.error(status, "ECHO " + said, all)
        .withHeader("X-Request-Id", said.replaceAll("\\s", "_"));
  }

  /** A server that says everything back, with HTTP 400 below {@code /bad} and else with 503. */
  StubServer echo() {
    return echo;
  }

  /** Provokes all of them. */
  void provoke() throws IOException {
    String good = reads.share().server().uri().toString();
    Map<String, Map<String, String>> all = new LinkedHashMap<>();
    all.put("a wrong token", Map.of("endpoint", good, "bearerToken", "wrong-" + CORE));
    all.put("no endpoint", Map.of("bearerToken", "wrong-" + CORE));
    all.put("an endpoint that says all back", of(echo.url("/echo"), "echoed-" + CORE));
    all.put("one that refuses", of(echo.url("/bad"), "echoed-" + CORE));
    all.put("an endpoint without TLS", of("http://192.0.2.1/x", "plain-" + CORE));
    all.put("an endpoint that is none", of("http://" + CORE + ":x/y?" + CORE, "plain-" + CORE));
    all.put("a user in the endpoint", of("https://user:pw-" + CORE + "@h/", "plain-" + CORE));
    all.put("a token that no header may have", of(good, "line\u0001" + CORE));
    all.put("a proxy that says all back", of("http://sharing.invalid/x", "proxied-" + CORE));
    all.put("a type that is none", of(good, "typed-" + CORE));
    all.get("a type that is none").put("type", "none");
    all.get("a proxy that says all back")
        .putAll(
            Map.of(
                "allowPlainHttp", "true",
                "proxyHost", "127.0.0.1",
                "proxyPort", "" + echo.port()));
    all.forEach((what, options) -> fails(what, () -> reads.load(options).collectAsList()));
    Path profile = reads.directory().resolve("broken.share");
    for (String json :
        List.of(
            "{\"shareCredentialsVersion\":1,\"bearerToken\":\"" + CORE,
            "{\"shareCredentialsVersion\":1,\"bearerToken\":\"" + CORE + "\" \"" + CORE + "\"}",
            "{\"shareCredentialsVersion\":\"" + CORE + "\"}",
            "{\"shareCredentialsVersion\":2,\"type\":\"x\",\"clientSecret\":\"" + CORE + "\"}",
            CORE)) {
      Files.writeString(profile, json);
      fails(
          "profile " + json.replace(CORE, "…"),
          () ->
              reads
                  .spark()
                  .read()
                  .format("deltaSharing")
                  .load(profile + "#share.schema.t")
                  .count());
    }
    fails(
        "another table",
        () ->
            reads
                .spark()
                .read()
                .format("deltaSharing")
                .load(reads.share().profile() + "#share.schema.t")
                .count());
    // Read by executors, whose URLs lead to what says them back.
    StubServer liar = new StubServer();
    try (liar) {
      liar.onAnything(this::behind);
      fails(
          "a store that says all back",
          () -> reads.load(of(liar.url("/x"), TestShare.CANARY)).collectAsList());
    }
  }

  /** The answers of the share, but that data files are elsewhere. */
  private StubAnswer behind(StubRequest request) {
    String target = request.target().replaceFirst("^/x", "");
    HttpRequest.Builder sent =
        HttpRequest.newBuilder(URI.create(reads.share().server().uri() + target))
            .method(request.method(), HttpRequest.BodyPublishers.ofString(request.body()));
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (name.toLowerCase(java.util.Locale.ROOT)
                  .matches("authorization|content-type|delta-.*")) {
                sent.header(name, value);
              }
            });
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(sent.build(), HttpResponse.BodyHandlers.ofString());
      String body =
          response
              .body()
              .replace("http://" + reads.share().server().uri().getAuthority(), echo.url("/bad"));
      return StubAnswer.status(response.statusCode())
          .withBody(body)
          .withHeader("Content-Type", "application/x-ndjson")
          .withHeader(
              "Delta-Table-Version",
              response.headers().firstValue("Delta-Table-Version").orElse("0"))
          .withHeader(
              "delta-sharing-capabilities",
              response.headers().firstValue("delta-sharing-capabilities").orElse(""));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static Map<String, String> of(String endpoint, String token) {
    return new HashMap<>(
        Map.of(
            "endpoint",
            endpoint,
            "bearerToken",
            token,
            "numRetries",
            "1",
            "retrySleepInterval",
            "1ms"));
  }

  /** Keeps what a call throws, as a user sees it. */
  void fails(String what, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).as(what).isNotNull();
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    shown.put(what, trace.toString());
  }

  @Override
  public void close() {
    echo.close();
  }
}
