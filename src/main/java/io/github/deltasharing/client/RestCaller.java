package io.github.deltasharing.client;

import io.github.deltasharing.error.Masking;
import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.http.Failures;
import io.github.deltasharing.http.HttpRequest;
import io.github.deltasharing.http.HttpResponse;
import io.github.deltasharing.http.HttpTransport;
import io.github.deltasharing.http.HttpUrl;
import io.github.deltasharing.http.RefusedUrlException;
import io.github.deltasharing.http.RetryPolicy;
import io.github.deltasharing.http.UserAgent;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.SharingHeaders;
import io.github.deltasharing.protocol.codec.MalformedResponseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to the sharing server: signs in, retries, maps errors. Reading an answer is part
 * of a try, so one that breaks off is asked for again. Thread-safe; driver only.
 */
final class RestCaller {
  private static final Logger LOG = LoggerFactory.getLogger(RestCaller.class);

  private static final Set<String> OWN_HEADERS =
      Set.of(
          "authorization",
          "user-agent",
          "accept-encoding",
          "content-type",
          SharingHeaders.CAPABILITIES,
          SharingHeaders.FILE_IDS);

  private final TokenSource tokens;
  private final HttpTransport http;
  private final RetryPolicy retries;
  private final ProfileSource source;
  private final boolean streaming;
  private final String callerOrg;

  RestCaller(ProfileSource profile, SharingReadConf conf) {
    this.tokens = new TokenSource(profile, Clock.systemUTC());
    this.source = profile;
    this.http = HttpTransport.toServers(conf.http());
    this.retries = new RetryPolicy(conf.http());
    this.callerOrg = conf.get(SharingOptions.CALLER_ORG);
    this.streaming = false;
  }

  private RestCaller(RestCaller other, boolean streaming) {
    this.tokens = other.tokens;
    this.source = other.source;
    this.http = other.http;
    this.retries = other.retries;
    this.callerOrg = other.callerOrg;
    this.streaming = streaming;
  }

  /** The same on behalf of a stream. */
  RestCaller forStreaming() {
    return new RestCaller(this, true);
  }

  /** Reads one answer; may throw IOException while it reads. */
  @FunctionalInterface
  interface Reader<T> {
    T read(RestAnswer answer) throws IOException, MalformedResponseException;
  }

  /** Where the server is, for messages. */
  String host() {
    return tokens.last().host();
  }

  /** The profile's endpoint. */
  String endpoint() {
    return tokens.last().endpoint().toString();
  }

  /** As whom it is asked. */
  Recipient recipient() {
    return Recipient.of(tokens.last());
  }

  <T> T call(RestRequest request, Reader<T> reader) {
    String queryId = UUID.randomUUID().toString().substring(0, 8);
    String userAgent = UserAgent.of(streaming, queryId, callerOrg);
    return retries.run(request.what(), () -> signedIn(request, userAgent, reader));
  }

  /** One try; a refused token is replaced by the profile's new one, once. */
  private <T> T signedIn(RestRequest request, String userAgent, Reader<T> reader) {
    Profile profile = tokens.current();
    try (RestAnswer answer = send(request, userAgent, profile)) {
      if (answer.status() != 401) {
        return read(request, answer, profile, reader);
      }
      renew(profile, ErrorMapper.map(request, answer, profile));
    } catch (IOException e) {
      throw failed(request, profile, e);
    }
    LOG.info(
        "{}: the token was refused; the profile {} holds a new one",
        request.what(),
        profile.origin());
    Profile renewed = tokens.current();
    try (RestAnswer answer = send(request, userAgent, renewed)) {
      return read(request, answer, renewed, reader);
    } catch (IOException e) {
      throw failed(request, renewed, e);
    }
  }

  /** Throws {@code refusal} unless the profile holds something else by now. */
  private void renew(Profile refused, SharingServerException refusal) {
    boolean renewed = false;
    try {
      renewed = tokens.renew(refused);
    } catch (RuntimeException e) {
      // The refusal is what went wrong first; a profile being rotated may be gone for a moment.
      LOG.warn("The profile {} cannot be read again: {}", refused.origin(), e.getMessage());
      refusal.addSuppressed(e);
    }
    if (!renewed) {
      throw refusal;
    }
  }

  private <T> T read(RestRequest request, RestAnswer answer, Profile profile, Reader<T> reader)
      throws IOException {
    if (answer.status() != 200) {
      throw ErrorMapper.map(request, answer, profile);
    }
    try {
      return reader.read(answer);
    } catch (MalformedResponseException e) {
      throw SharingErrors.badAnswer(request.what(), profile.host(), e.getMessage(), e.brokenOff());
    } catch (LimitedBody.TooLongException e) {
      throw SharingErrors.badAnswer(request.what(), profile.host(), e.getMessage(), false);
    }
  }

  private RestAnswer send(RestRequest request, String userAgent, Profile profile)
      throws IOException {
    long start = System.nanoTime();
    long askedAt = System.currentTimeMillis();
    HttpResponse response = http.send(httpRequest(request, userAgent, profile));
    LOG.debug(
        "{}: {} after {} ms ({})",
        request.what(),
        response.statusCode(),
        (System.nanoTime() - start) / 1_000_000,
        userAgent);
    return new RestAnswer(response, masking(profile), askedAt);
  }

  private HttpRequest httpRequest(RestRequest request, String userAgent, Profile profile) {
    HttpUrl url = url(profile, request);
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
    source.headers().forEach((name, value) -> add(sent, name, value, profile));
    try {
      return sent.header("Authorization", "Bearer " + profile.bearerToken());
    } catch (IllegalArgumentException e) {
      // A line break in it, say.
      throw ProfileErrors.badProfile(
          profile.origin(), "its 'bearerToken' holds characters that no HTTP header may have");
    }
  }

  private static HttpUrl url(Profile profile, RestRequest request) {
    try {
      return HttpUrl.of(profile.endpoint() + request.path());
    } catch (RefusedUrlException e) {
      throw ProfileErrors.badProfile(
          profile.origin(), "its 'endpoint' cannot be used: " + e.getMessage());
    }
  }

  private Masking masking(Profile profile) {
    List<String> secrets = new ArrayList<>(source.headers().values());
    secrets.add(profile.bearerToken());
    return Masking.of(secrets.toArray(String[]::new));
  }

  private static void add(HttpRequest request, String name, String value, Profile profile) {
    if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      throw ProfileErrors.badHeader(profile.origin(), name, "it is the connector's own");
    }
    try {
      request.header(name, value);
    } catch (IllegalArgumentException e) {
      throw ProfileErrors.badHeader(profile.origin(), name, "no HTTP request may have it");
    }
  }

  private SharingException failed(RestRequest request, Profile profile, IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return SharingErrors.interrupted(request.what());
    }
    Masking masking = masking(profile);
    String reason = masking.line(Failures.reason(e));
    if (Failures.isOfProtocol(e)) {
      return SharingErrors.noTls(request.what(), profile.host(), reason, masking.cause(e));
    }
    return SharingErrors.unreachable(
        request.what(), profile.host(), reason, Failures.isOfTrust(e), masking.cause(e));
  }
}
