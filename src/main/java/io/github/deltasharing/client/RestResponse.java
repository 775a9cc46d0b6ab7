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
 * An answer whose body is read as a stream. Closed by the caller, which drops what was not read.
 */
final class RestResponse implements AutoCloseable {
  /** Decoded, of an answer that is small by its nature: a schema of many columns is megabytes. */
  private static final long MOST_BYTES = 256L << 20;

  private static final Duration END = Duration.ofMillis(50);

  private static final long LEAST_SKEW_MILLIS = 30_000;

  private final HttpResponse response;
  private final Masking masking;
  private final long askedAt;
  private InputStream body;
  private boolean bounded;
  private boolean compressed;

  /**
   * @param masking of the token that was sent, for whatever the server says
   * @param askedAt when it was asked for, epoch milliseconds
   */
  RestResponse(HttpResponse response, Masking masking, long askedAt) {
    this.response = response;
    this.askedAt = askedAt;
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
   * How far this machine's clock is ahead of the server's, in milliseconds, by the answer's own
   * {@code Date}: times that the server says are by its clock. 0 for what is too little to tell
   * from the answer's way here.
   */
  long clockAhead(long now) {
    // A server may say the time at which the request came, or that of its answer.
    try {
      Instant server =
          Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header("Date").trim()));
      long said = server.toEpochMilli();
      boolean within = said > askedAt - LEAST_SKEW_MILLIS && said < now + LEAST_SKEW_MILLIS;
      return within ? 0 : now - said;
    } catch (DateTimeException e) {
      return 0;
    }
  }

  /** What the server said, fit for a message: on one line, not endless, without secrets. */
  String quotable(String said) {
    return masking.line(said);
  }

  /** This answer, which is small by its nature: it may take neither long nor much room. */
  RestResponse bounded() {
    response.body().bounded();
    bounded = true;
    return this;
  }

  /** This answer, not worth more waiting than {@code wait}. */
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
   * Meets the end of the body below its decoding. A gzip decoder takes a connection that breaks
   * between two members for the end, and what was to follow would be missing.
   *
   * @throws IOException if the connection broke
   */
  void meetEnd() throws IOException {
    if (compressed && response.body().read() >= 0) {
      throw new IOException("bytes behind the end of the compressed answer");
    }
  }

  @Override
  public void close() {
    // A body may be told to end a moment after its last byte: its connection is worth the wait.
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
