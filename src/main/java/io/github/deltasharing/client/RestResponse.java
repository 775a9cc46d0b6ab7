/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.error.Masking;
import io.github.deltasharing.http.HttpResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * A response whose body is read as a stream. Driver only; used by one thread; closed by the caller,
 * which drops the connection if the body was not read to its end.
 */
final class RestResponse implements AutoCloseable {
  /**
   * Limit of a decoded response that is small by its nature: a schema of many columns is megabytes.
   */
  private static final long MOST_BYTES = 256L << 20;

  private static final Duration END = Duration.ofMillis(50);

  private static final long LEAST_SKEW_MILLIS = 30_000;

  private final HttpResponse response;
  private final Masking masking;
  private final long sentAt;
  private InputStream body;
  private boolean bounded;
  private boolean compressed;

  /**
   * @param masking of the secrets that were sent, for texts of the server
   * @param sentAt when the request was sent, epoch milliseconds
   */
  RestResponse(HttpResponse response, Masking masking, long sentAt) {
    this.response = response;
    this.sentAt = sentAt;
    this.masking = masking;
  }

  int status() {
    return response.statusCode();
  }

  /** All values of a header. */
  List<String> headers(String name) {
    return response.headers(name);
  }

  /** A header, or an empty string. */
  String header(String name) {
    String value = response.header(name);
    return value == null ? "" : value;
  }

  /**
   * How far this machine's clock is ahead of the server's, in milliseconds, by the response's
   * {@code Date} header: timestamps of the server are by its clock. 0 for a difference that the
   * response's time on the way may explain.
   */
  long clockAhead(long now) {
    // The header may have the time of the request's arrival, or that of the response.
    try {
      Instant server =
          Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header("Date").trim()));
      long said = server.toEpochMilli();
      boolean within = said > sentAt - LEAST_SKEW_MILLIS && said < now + LEAST_SKEW_MILLIS;
      return within ? 0 : now - said;
    } catch (DateTimeException e) {
      return 0;
    }
  }

  /** A text of the server, fit for a message: on one line, not endless, without secrets. */
  String quotable(String said) {
    return masking.line(said);
  }

  /** This response, limited in time and decoded size, because it is small by its nature. */
  RestResponse bounded() {
    response.body().bounded();
    bounded = true;
    return this;
  }

  /** This response, read with no more waiting than {@code wait}. */
  RestResponse waitingAtMost(Duration wait) {
    response.body().waitAtMost(wait);
    return this;
  }

  /** The decoded body; the same stream at each call. */
  InputStream body() throws IOException {
    if (body == null) {
      boolean gzip = header("Content-Encoding").toLowerCase(Locale.ROOT).contains("gzip");
      body =
          gzip
              ? new GZIPInputStream(new NonZeroAvailable(response.body()), 1 << 16)
              : response.body();
      compressed = gzip;
      if (bounded) {
        body = new LimitedBody(body, MOST_BYTES);
      }
    }
    return body;
  }

  /**
   * Checks that the body ends where its decoding ended. A gzip decoder takes a connection that
   * breaks between two members for the end of the body, and the rest would be missing.
   *
   * @throws IOException if the connection broke
   */
  void meetEnd() throws IOException {
    if (compressed && response.body().read() >= 0) {
      throw new IOException("bytes behind the end of the compressed response");
    }
  }

  @Override
  public void close() {
    // The end mark may follow the last byte a moment later: worth the wait for a reusable
    // connection.
    if (!response.body().endsWithin(END)) {
      response.body().close();
    }
  }

  /**
   * GZIPInputStream takes {@code available() == 0} after a member for the end of the stream, which
   * a network stream says between packets.
   */
  private static final class NonZeroAvailable extends FilterInputStream {
    NonZeroAvailable(InputStream in) {
      super(in);
    }

    @Override
    public int available() {
      return 1;
    }
  }
}
