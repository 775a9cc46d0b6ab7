package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.MalformedAnswerException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to the sharing server: signs in, retries, maps errors. Reading an answer is part
 * of a try, so one that breaks off is asked for again. Thread-safe; driver only.
 */
final class RestCaller {
  private static final Logger LOG = LoggerFactory.getLogger(RestCaller.class);

  private final TokenSource tokens;
  private final HttpSettings settings;
  private final HttpClient http;
  private final RetryPolicy retries;
  private final String userAgent;

  RestCaller(ProfileSource profile, SharingReadConf conf) {
    this.tokens = new TokenSource(profile, Clock.systemUTC());
    this.settings = conf.http();
    this.http = HttpClients.of(settings);
    this.retries = new RetryPolicy(settings);
    this.userAgent = UserAgent.of(conf.get(SharingOptions.CALLER_ORG));
  }

  /** Reads one answer; may throw IOException while it reads. */
  @FunctionalInterface
  interface Reader<T> {
    T read(RestAnswer answer) throws IOException, MalformedAnswerException;
  }

  /** Where the server is, for messages. */
  String host() {
    URI endpoint = tokens.endpoint();
    return endpoint.getPort() < 0
        ? endpoint.getHost()
        : endpoint.getHost() + ":" + endpoint.getPort();
  }

  <T> T call(RestRequest request, Reader<T> reader) {
    return retries.run(request.what(), () -> signedIn(request, reader));
  }

  /** One try; a refused token is replaced by the profile's new one, once. */
  private <T> T signedIn(RestRequest request, Reader<T> reader) {
    String token = tokens.token();
    try (RestAnswer answer = send(request, token)) {
      if (answer.status() != 401) {
        return read(request, answer, reader);
      }
      if (!tokens.renew(token)) {
        throw ErrorMapper.map(request, answer, tokens.origin(), host());
      }
    } catch (IOException e) {
      throw failed(request, e);
    }
    LOG.info(
        "{}: the token was refused; the profile {} holds a new one",
        request.what(),
        tokens.origin());
    String renewed = tokens.token();
    try (RestAnswer answer = send(request, renewed)) {
      return read(request, answer, reader);
    } catch (IOException e) {
      throw failed(request, e);
    }
  }

  private <T> T read(RestRequest request, RestAnswer answer, Reader<T> reader) throws IOException {
    if (answer.status() != 200) {
      throw ErrorMapper.map(request, answer, tokens.origin(), host());
    }
    try {
      return reader.read(answer);
    } catch (MalformedAnswerException e) {
      throw SharingErrors.badAnswer(request.what(), host(), e.getMessage(), e.brokenOff());
    }
  }

  private RestAnswer send(RestRequest request, String token) throws IOException {
    long start = System.nanoTime();
    try {
      HttpResponse<InputStream> response =
          http.send(httpRequest(request, token), HttpResponse.BodyHandlers.ofInputStream());
      LOG.debug(
          "{}: {} after {} ms",
          request.what(),
          response.statusCode(),
          (System.nanoTime() - start) / 1_000_000);
      return new RestAnswer(response, token);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SharingErrors.interrupted(request.what());
    }
  }

  private HttpRequest httpRequest(RestRequest request, String token) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(tokens.endpoint() + request.path()))
            .timeout(settings.timeout())
            .header("User-Agent", userAgent)
            .header("Accept-Encoding", "gzip");
    if (request.capabilities() != null) {
      builder.header(Capabilities.HEADER, request.capabilities().toHeader());
    }
    if (request.body() != null) {
      builder
          .header("Content-Type", "application/json; charset=utf-8")
          .POST(HttpRequest.BodyPublishers.ofString(request.body()));
    }
    try {
      return builder.header("Authorization", "Bearer " + token).build();
    } catch (IllegalArgumentException e) {
      // A line break in it, say: the JDK's message quotes the token.
      throw SharingErrors.badProfile(
          tokens.origin(), "its 'bearerToken' holds characters that no HTTP header may have");
    }
  }

  private SharingException failed(RestRequest request, IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return SharingErrors.interrupted(request.what());
    }
    String reason = Failures.reason(e);
    boolean certificate =
        e instanceof SSLException && reason.toLowerCase(Locale.ROOT).contains("certif");
    return SharingErrors.unreachable(request.what(), host(), reason, certificate, e);
  }
}
