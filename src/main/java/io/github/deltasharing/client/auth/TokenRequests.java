/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.deltasharing.error.Masking;
import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.TokenErrors;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.http.Failures;
import io.github.deltasharing.http.HttpRequest;
import io.github.deltasharing.http.HttpResponse;
import io.github.deltasharing.http.HttpTransport;
import io.github.deltasharing.http.HttpUrl;
import io.github.deltasharing.http.RefusedUrlException;
import io.github.deltasharing.http.ResponseBody;
import io.github.deltasharing.http.RetryAfter;
import io.github.deltasharing.http.RetryPolicy;
import io.github.deltasharing.http.UserAgent;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Requests tokens over the same HTTP stack, with the same proxy and TLS, as everything else; with
 * limits of its own, for a token is small and everybody waits for it. Driver only; thread-safe.
 */
final class TokenRequests {
  private static final int MOST_BYTES = 1 << 20;

  /** No attempt waits longer for the response, and for its body. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private static final Duration METADATA_WAIT = Duration.ofSeconds(5);

  private static final Duration END = Duration.ofMillis(50);

  private final HttpTransport http;
  private final RetryPolicy retries;
  private final String callerOrg;
  private final Clock clock;
  private final SharingReadConf conf;

  /** Whether for a metadata service, which speaks no TLS and is near. */
  private final boolean metadata;

  /** How far this machine's clock is ahead of others, by the URLs that said so. */
  private final Map<String, Duration> clocksAhead = new ConcurrentHashMap<>();

  TokenRequests(SharingReadConf conf, Clock clock) {
    this(conf, clock, limited(conf, LONGEST_WAIT), false);
  }

  private TokenRequests(
      SharingReadConf conf, Clock clock, HttpSettings settings, boolean metadata) {
    this.metadata = metadata;
    this.conf = conf;
    this.http = HttpTransport.toServers(settings);
    this.retries = new RetryPolicy(settings, "token endpoints");
    this.callerOrg = conf.get(SharingOptions.CALLER_ORG);
    this.clock = clock;
  }

  /**
   * The same for a metadata service, which is on this machine or in its network: no proxy reaches
   * it, and it answers at once.
   *
   * @param origin the profile, for messages
   */
  TokenRequests direct(String origin, String url) {
    // Only to see that it is one.
    url(origin, "metadata endpoint", url);
    return new TokenRequests(conf, clock, limited(conf, METADATA_WAIT).withoutProxy(), true);
  }

  private static HttpSettings limited(SharingReadConf conf, Duration longest) {
    Duration timeout = conf.get(SharingOptions.TIMEOUT);
    return conf.http()
        .withLimits(
            conf.get(SharingOptions.TOKEN_MAX_RETRIES),
            conf.get(SharingOptions.TOKEN_MAX_RETRY_DURATION),
            timeout.compareTo(longest) < 0 ? timeout : longest);
  }

  /** A text as forms have it; characters that need no escape stay as they are. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%7E", "~");
  }

  Instant now() {
    return clock.instant();
  }

  /**
   * Calls {@code attempt} until it gets a token, or the retries are spent.
   *
   * @param origin the profile, for messages
   */
  AccessToken retrying(String origin, Supplier<AccessToken> attempt) {
    try {
      return retries.run("signing in with the profile " + origin, attempt);
    } catch (TransientSharingException e) {
      // Whoever called has retries of its own, for its own requests.
      throw TokenErrors.gaveUp(e);
    }
  }

  /**
   * Requests a token as OAuth defines the response.
   *
   * @throws SharingException as {@link TokenCredential#exchange} does
   */
  AccessToken token(TokenRequest request) {
    TokenReply reply = send(request);
    JsonNode json = object(request, reply);
    String token = TokenReader.text(json, "access_token");
    String type = TokenReader.text(json, "token_type");
    String host = url(request).authority();
    if (token.isEmpty()) {
      throw TokenErrors.noToken(request.origin(), host, "it has no 'access_token'", false);
    }
    if (!type.isEmpty() && !type.equalsIgnoreCase("bearer")) {
      String said = masking(request).line(type);
      throw TokenErrors.noToken(
          request.origin(), host, "its 'token_type' is '" + said + "', not 'Bearer'", false);
    }
    return TokenReader.read(request.origin(), token, AzureIdentity.life(json, reply), reply.sent());
  }

  /** Requests a JSON web token that is the whole response. */
  AccessToken plainToken(TokenRequest request) {
    TokenReply reply = send(request);
    String host = url(request).authority();
    if (reply.status() != 200) {
      throw refusal(request, reply, reply.json(), host);
    }
    String token = reply.body().trim();
    if (TokenReader.claims(token) == null) {
      throw TokenErrors.noToken(request.origin(), host, "it is no JSON web token", false);
    }
    return TokenReader.read(request.origin(), token, MissingNode.getInstance(), reply.sent());
  }

  /** How far this machine's clock is ahead of what a URL last said; zero where it is near. */
  Duration clockAhead(String url) {
    return clocksAhead.getOrDefault(url, Duration.ZERO);
  }

  /** The JSON object of a response with status 200. */
  private JsonNode object(TokenRequest request, TokenReply reply) {
    JsonNode json = reply.json();
    String host = url(request).authority();
    if (reply.status() != 200) {
      throw refusal(request, reply, json, host);
    }
    if (json == null) {
      throw TokenErrors.noToken(
          request.origin(),
          host,
          reply.isPage() ? "it is an HTML page" : "it is no JSON object",
          !reply.isPage());
    }
    return json;
  }

  private SharingException refusal(
      TokenRequest request, TokenReply reply, JsonNode json, String host) {
    Masking masking = masking(request);
    String error = "";
    String said = reply.isPage() ? "an HTML page" : reply.body();
    if (json != null) {
      error = TokenReader.text(json, "error");
      said = TokenReader.text(json, "error_description");
    }
    error = masking.line(error);
    said = masking.line(said);
    int status = reply.status();
    if (status == 407) {
      return TokenErrors.unreachable(
          request.origin(),
          host,
          "the proxy answered HTTP 407",
          Failures.PROXY_WANTS_SIGN_IN,
          null);
    }
    if (status == 408 || status == 425 || status == 429 || status >= 500) {
      return TokenErrors.busy(
          request.origin(), host, status, error, said, RetryAfter.millis(reply.retryAfter()));
    }
    return TokenErrors.refused(
        request.origin(), host, status, error, said, request.fields(), reply.clockAhead());
  }

  /** Sends it once, and reads the response whole. */
  private TokenReply send(TokenRequest request) {
    HttpUrl url = checkedUrl(request);
    HttpRequest sent =
        request.form() == null
            ? HttpRequest.get(url)
            : HttpRequest.post(url, form(request.form()).getBytes(StandardCharsets.UTF_8));
    String id = UUID.randomUUID().toString().substring(0, 8);
    sent.header("User-Agent", UserAgent.of(false, id, callerOrg))
        .header("Accept", "application/json");
    if (request.form() != null) {
      sent.header("Content-Type", "application/x-www-form-urlencoded");
    }
    request.headers().forEach(sent::header);
    Instant start = clock.instant();
    try {
      HttpResponse response = http.send(sent);
      String body = body(request, response.body());
      TokenReply reply =
          new TokenReply(
              response.statusCode(),
              body,
              orEmpty(response.header("Date")),
              orEmpty(response.header("Retry-After")),
              start,
              clock.instant());
      clocksAhead.put(request.url(), reply.clockAhead());
      return reply;
    } catch (IOException e) {
      throw failed(request, url, e);
    }
  }

  private static String body(TokenRequest request, ResponseBody body) throws IOException {
    body.waitAtMost(LONGEST_WAIT);
    boolean read = false;
    try {
      byte[] bytes = body.readNBytes(MOST_BYTES);
      if (bytes.length == MOST_BYTES) {
        throw TokenErrors.noToken(
            request.origin(),
            url(request).authority(),
            "it is longer than " + MOST_BYTES + " bytes",
            false);
      }
      read = true;
      return new String(bytes, StandardCharsets.UTF_8);
    } finally {
      if (!read || !body.endsWithin(END)) {
        body.close();
      }
    }
  }

  private SharingException failed(TokenRequest request, HttpUrl url, IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return TokenErrors.interrupted(request.origin());
    }
    Masking masking = masking(request);
    return TokenErrors.unreachable(
        request.origin(),
        url.authority(),
        masking.line(Failures.reason(e)),
        Failures.advice(e),
        masking.cause(e));
  }

  private Masking masking(TokenRequest request) {
    return Masking.of(
        Stream.concat(request.secrets().stream(), http.secrets().stream()).toArray(String[]::new));
  }

  private HttpUrl checkedUrl(TokenRequest request) {
    HttpUrl url = url(request);
    if (!metadata && !conf.http().allowsPlainHttp() && http.isExposed(url)) {
      throw ProfileErrors.plainHttp(request.origin(), "tokenEndpoint", url.authority());
    }
    return url;
  }

  private static HttpUrl url(TokenRequest request) {
    return url(request.origin(), "token endpoint", request.url());
  }

  /**
   * A URL of a profile.
   *
   * @param what it is, for messages
   */
  static HttpUrl url(String origin, String what, String url) {
    try {
      return HttpUrl.of(url);
    } catch (RefusedUrlException e) {
      throw ProfileErrors.badProfile(origin, "its " + what + " cannot be used: " + e.getMessage());
    }
  }

  private static String form(Map<String, String> form) {
    return form.entrySet().stream()
        .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
