package io.github.deltasharing.server;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * What is noted about one request while it is served, to become its {@link AccessRecord}. Handled
 * by one thread at a time.
 */
final class Exchange {
  static final String REQUEST_ID = "x-request-id";
  private static final String ATTRIBUTE = Exchange.class.getName();
  private static final Pattern SANE_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
  private static final Pattern SANE_RANGE = Pattern.compile("[A-Za-z0-9=, -]{1,256}");

  private final Request request;
  private final Instant time = Instant.now();
  private final long startNanos = System.nanoTime();
  private final String requestId;
  private final AtomicBoolean recorded = new AtomicBoolean();

  private String principal = "";
  private String endpoint = "unknown";
  private String table = "";
  private long version = -1;
  private String format = "";
  private long files = -1;
  private long skippedFiles = -1;
  private String file = "";
  private String errorCode = "";

  private Exchange(Request request) {
    this.request = request;
    String given = request.getHeaders().get(REQUEST_ID);
    requestId =
        given != null && SANE_ID.matcher(given).matches() ? given : UUID.randomUUID().toString();
  }

  /** Starts the exchange of a request and keeps it with the request. */
  static Exchange start(Request request) {
    Exchange exchange = new Exchange(request);
    request.setAttribute(ATTRIBUTE, exchange);
    return exchange;
  }

  /** The exchange of a request. */
  static Exchange of(Request request) {
    return (Exchange) request.getAttribute(ATTRIBUTE);
  }

  String requestId() {
    return requestId;
  }

  void principal(String fingerprint) {
    principal = fingerprint;
  }

  void endpoint(String name) {
    endpoint = name;
  }

  void table(String name) {
    table = name;
  }

  void version(long tableVersion) {
    version = tableVersion;
  }

  void format(String responseFormat) {
    format = responseFormat;
  }

  void files(long answered, long skipped) {
    files = answered;
    skippedFiles = skipped;
  }

  void file(String relativePath) {
    file = relativePath;
  }

  void errorCode(String code) {
    errorCode = code;
  }

  /** Hands the record over, the first time that it is called. */
  void record(int status, long bytes, Consumer<AccessRecord> observer) {
    if (!recorded.compareAndSet(false, true)) {
      return;
    }
    String range = request.getHeaders().get(HttpHeader.RANGE);
    observer.accept(
        new AccessRecord(
            time,
            (System.nanoTime() - startNanos) / 1_000_000,
            Request.getRemoteAddr(request),
            principal,
            request.getMethod(),
            endpoint,
            table,
            version,
            format,
            files,
            skippedFiles,
            file,
            range != null && SANE_RANGE.matcher(range).matches() ? range : "",
            bytes,
            status,
            errorCode,
            requestId));
  }
}
