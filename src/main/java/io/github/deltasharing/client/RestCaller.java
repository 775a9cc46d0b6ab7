package io.github.deltasharing.client;

import io.github.deltasharing.error.Masking;
import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.codec.MalformedAnswerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
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
          Capabilities.HEADER,
          Capabilities.FILE_IDS_HEADER);

  private final TokenSource tokens;
  private final HttpSettings settings;
  private final HttpClient http;
  private final RetryPolicy retries;
  private final ProfileSource source;
  private final boolean streaming;
  private final String callerOrg;

  RestCaller(ProfileSource profile, SharingReadConf conf) {
    this.tokens = new TokenSource(profile, Clock.systemUTC());
    this.source = profile;
    this.settings = conf.http();
    this.http = HttpClients.of(settings);
    this.retries = new RetryPolicy(settings);
    this.callerOrg = conf.get(SharingOptions.CALLER_ORG);
    this.streaming = false;
  }

  private RestCaller(RestCaller other, boolean streaming) {
    this.tokens = other.tokens;
    this.source = other.source;
    this.settings = other.settings;
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
    T read(RestAnswer answer) throws IOException, MalformedAnswerException;
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
    } catch (MalformedAnswerException e) {
      throw SharingErrors.badAnswer(request.what(), profile.host(), e.getMessage(), e.brokenOff());
    } catch (LimitedBody.TooLongException e) {
      throw SharingErrors.badAnswer(request.what(), profile.host(), e.getMessage(), false);
    }
  }

  private RestAnswer send(RestRequest request, String userAgent, Profile profile)
      throws IOException {
    long start = System.nanoTime();
    long askedAt = System.currentTimeMillis();
    try {
      TimedResponse response =
          TimedResponse.send(http, httpRequest(request, userAgent, profile), settings.timeout());
      LOG.debug(
          "{}: {} after {} ms ({})",
          request.what(),
          response.statusCode(),
          (System.nanoTime() - start) / 1_000_000,
          userAgent);
      return new RestAnswer(response, masking(profile), askedAt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SharingErrors.interrupted(request.what());
    }
  }

  private HttpRequest httpRequest(RestRequest request, String userAgent, Profile profile)
      throws IOException {
    URI target = Target.of(profile.endpoint(), request.path(), InetAddress::getByName);
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(target)
            .timeout(settings.timeout())
            .header("User-Agent", userAgent)
            .header("Accept-Encoding", "gzip");
    if (request.capabilities() != null) {
      builder.header(Capabilities.HEADER, request.capabilities().toHeader());
    }
    if (request.fileIds() != null) {
      builder.header(Capabilities.FILE_IDS_HEADER, request.fileIds().wireName());
    }
    if (request.body() != null) {
      builder
          .header("Content-Type", "application/json; charset=utf-8")
          .POST(HttpRequest.BodyPublishers.ofString(request.body()));
    }
    source.headers().forEach((name, value) -> add(builder, name, value, profile));
    try {
      return builder.header("Authorization", "Bearer " + profile.bearerToken()).build();
    } catch (IllegalArgumentException e) {
      // A line break in it, say: the JDK's message quotes the token.
      throw ProfileErrors.badProfile(
          profile.origin(), "its 'bearerToken' holds characters that no HTTP header may have");
    }
  }

  private Masking masking(Profile profile) {
    List<String> secrets = new ArrayList<>(source.headers().values());
    secrets.add(profile.bearerToken());
    return Masking.of(secrets.toArray(String[]::new));
  }

  private static void add(HttpRequest.Builder builder, String name, String value, Profile profile) {
    if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      throw ProfileErrors.badHeader(profile.origin(), name, "it is the connector's own");
    }
    try {
      builder.header(name, value);
    } catch (IllegalArgumentException e) {
      // The JDK's message quotes the value, which may be a secret.
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
