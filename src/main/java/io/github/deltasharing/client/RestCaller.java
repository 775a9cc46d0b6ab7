/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.client.auth.AccessTokens;
import io.github.deltasharing.client.auth.AuthSession;
import io.github.deltasharing.client.auth.Login;
import io.github.deltasharing.error.Masking;
import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.http.HttpRequest;
import io.github.deltasharing.http.HttpResponse;
import io.github.deltasharing.http.HttpTransport;
import io.github.deltasharing.http.HttpUrl;
import io.github.deltasharing.http.RefusedUrlException;
import io.github.deltasharing.http.RetryPolicy;
import io.github.deltasharing.http.Unreachable;
import io.github.deltasharing.http.UserAgent;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.SharingHeaders;
import io.github.deltasharing.protocol.codec.MalformedResponseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to the sharing server: authenticated by an {@link AuthSession}, with retries, and
 * with errors mapped to exceptions. Reading a response is part of an attempt, so one that breaks
 * off is requested again. Driver only; thread-safe.
 */
final class RestCaller {
  private static final Logger LOG = LoggerFactory.getLogger(RestCaller.class);

  private final AuthSession session;
  private final HttpTransport http;
  private final RetryPolicy retries;
  private final AtomicBoolean answered;

  /** Whether the last response was this machine's. */
  private final AtomicBoolean local;

  private final boolean plainHttp;
  private final boolean streaming;
  private final String callerOrg;

  RestCaller(ProfileSource profile, SharingReadConf conf) {
    this.session =
        AuthSession.open(() -> profile.load().login(), profile::headers, new AccessTokens(conf));
    this.http = HttpTransport.toServers(conf.http());
    this.retries = new RetryPolicy(conf.http(), host());
    this.answered = new AtomicBoolean();
    this.local = new AtomicBoolean();
    this.plainHttp = conf.http().allowsPlainHttp();
    this.callerOrg = conf.http().callerOrg();
    this.streaming = false;
  }

  private RestCaller(RestCaller other, boolean streaming) {
    this.session = other.session;
    this.http = other.http;
    this.retries = other.retries;
    this.answered = other.answered;
    this.local = other.local;
    this.plainHttp = other.plainHttp;
    this.callerOrg = other.callerOrg;
    this.streaming = streaming;
  }

  /** The same for the requests of a stream. */
  RestCaller forStreaming() {
    return new RestCaller(this, true);
  }

  /** Reads one response; may throw IOException while it reads. */
  @FunctionalInterface
  interface Reader<T> {
    T read(RestResponse response) throws IOException, MalformedResponseException;
  }

  /** Where the server is, for messages. */
  String host() {
    return session.last().host();
  }

  /** The server's base URL. */
  String endpoint() {
    return session.last().endpoint().toString();
  }

  /** The server and the recipient that requests are signed in as. */
  Recipient recipient() {
    return Recipient.of(session.last(), local.get());
  }

  <T> T call(RestRequest request, Reader<T> reader) {
    String userAgent = userAgent();
    // A server that never responded may be a mistake in the profile, which is not outlasted.
    RetryPolicy policy = answered.get() ? retries.outlastingOutages() : retries;
    T result = policy.run(request.what(), () -> signedIn(request, userAgent, reader));
    answered.setPlain(true);
    return result;
  }

  /** The same in one attempt, for what can be had later, too. */
  <T> T callOnce(RestRequest request, Reader<T> reader) {
    return signedIn(request, userAgent(), reader);
  }

  private String userAgent() {
    String queryId = UUID.randomUUID().toString().substring(0, 8);
    return UserAgent.of(streaming, queryId, callerOrg);
  }

  /** One attempt; if the server refuses the login, the session refreshes it, once. */
  private <T> T signedIn(RestRequest request, String userAgent, Reader<T> reader) {
    Login login = session.login();
    Signed signed = sign(request, userAgent, login);
    try (RestResponse response = send(request, signed)) {
      if (response.status() != 401) {
        return read(request, response, login, reader);
      }
      refresh(login, ErrorMapper.map(request, response, login));
    } catch (IOException e) {
      throw failed(request, signed, e);
    }
    LOG.info(
        "{}: the login was refused; the profile {} gives another one",
        request.what(),
        login.origin());
    Login refreshed = session.login();
    Signed again = sign(request, userAgent, refreshed);
    try (RestResponse response = send(request, again)) {
      return read(request, response, refreshed, reader);
    } catch (IOException e) {
      throw failed(request, again, e);
    }
  }

  /** Throws {@code refusal} unless the session has another login by now. */
  private void refresh(Login refused, SharingServerException refusal) {
    boolean refreshed = false;
    try {
      refreshed = session.refresh(refused);
    } catch (RuntimeException e) {
      // The refusal is what went wrong first; a profile being rotated may be gone for a moment.
      LOG.warn("The profile {} gives no other login: {}", refused.origin(), e.getMessage());
      refusal.addSuppressed(e);
    }
    if (!refreshed) {
      throw refusal;
    }
  }

  private <T> T read(RestRequest request, RestResponse response, Login login, Reader<T> reader)
      throws IOException {
    if (response.status() != 200) {
      throw ErrorMapper.map(request, response, login);
    }
    try {
      return reader.read(response);
    } catch (MalformedResponseException e) {
      throw SharingErrors.badResponse(request.what(), login.host(), e.getMessage(), e.brokenOff());
    } catch (LimitedBody.TooLongException e) {
      throw SharingErrors.badResponse(request.what(), login.host(), e.getMessage(), false);
    }
  }

  private RestResponse send(RestRequest request, Signed signed) throws IOException {
    long start = System.nanoTime();
    long sentAt = System.currentTimeMillis();
    HttpResponse response = http.send(signed.http());
    local.set(response.isLocal());
    LOG.debug(
        "{}: {} after {} ms ({})",
        request.what(),
        response.statusCode(),
        (System.nanoTime() - start) / 1_000_000,
        signed.userAgent());
    return new RestResponse(response, signed.masking(), sentAt);
  }

  /**
   * A request with everything that it is sent with.
   *
   * @param masking of all secrets in it
   */
  private record Signed(HttpRequest http, String userAgent, Login login, Masking masking) {}

  private Signed sign(RestRequest request, String userAgent, Login login) {
    HttpUrl url = url(login, request);
    HttpRequest sent =
        request.body() == null
            ? HttpRequest.get(url)
            : HttpRequest.post(url, request.body().getBytes(StandardCharsets.UTF_8));
    sent.header("User-Agent", userAgent).header("Accept-Encoding", "gzip");
    if (request.capabilities() != null) {
      sent.header(SharingHeaders.CAPABILITIES, request.capabilities().toHeader());
    }
    if (request.fileIds() != null) {
      sent.header(SharingHeaders.FILE_IDS, request.fileIds().wireName());
    }
    if (request.body() != null) {
      sent.header("Content-Type", "application/json; charset=utf-8");
    }
    List<String> secrets = new ArrayList<>(session.secrets(login));
    secrets.addAll(http.secrets());
    session.authenticate(
        login,
        (name, value) -> {
          sent.header(name, value);
          if (!name.equalsIgnoreCase("Authorization")) {
            // A gateway's. What is secret of the other's value is among the session's secrets.
            secrets.add(value);
          }
        });
    return new Signed(sent, userAgent, login, Masking.of(secrets.toArray(String[]::new)));
  }

  private HttpUrl url(Login login, RestRequest request) {
    try {
      HttpUrl url = HttpUrl.of(login.endpoint() + request.path());
      if (!plainHttp && http.isExposed(url)) {
        throw ProfileErrors.plainHttp(login.origin(), "endpoint", login.host());
      }
      return url;
    } catch (RefusedUrlException e) {
      throw ProfileErrors.badProfile(
          login.origin(), "its 'endpoint' cannot be used: " + e.getMessage());
    }
  }

  private static SharingException failed(RestRequest request, Signed signed, IOException e) {
    return Unreachable.of(
        request.what(), "the sharing server " + signed.login().host(), e, signed.masking());
  }
}
