/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.http.Failures;
import io.github.deltasharing.http.HttpResponse;
import io.github.deltasharing.http.RangeClient;
import io.github.deltasharing.http.RefusedUrlException;
import io.github.deltasharing.http.ResponseBody;
import io.github.deltasharing.http.RetryAfter;
import io.github.deltasharing.http.RetryPolicy;
import io.github.deltasharing.http.SlowException;
import io.github.deltasharing.http.UserAgent;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.FileVersion;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.RangeReader;
import io.github.deltasharing.storage.RangeStream;
import io.github.deltasharing.storage.SharedFile;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Reads byte ranges of one shared file behind a signed URL, one request a range, and checks each
 * response against the request: the range, the file's length, its ETag. Never HEAD (signed URLs are
 * for GET) and never several ranges in one request (stores send the whole file then). Thread-safe:
 * several ranges may be read at a time, all of one version of the file and under one budget of lost
 * time.
 */
final class SignedUrlReader implements RangeReader {
  /** A cached URL may be as dead as the one before; a fresh one ends this sooner. */
  private static final int MOST_URLS = 4;

  private final SharedFile file;
  private final RefreshableUrl url;
  private final HttpSettings settings;
  private final RangeClient http;
  private final RetryPolicy retries;
  private final String userAgent;
  private final IoStats stats;
  private final FileVersion version = new FileVersion();
  private final RetryTime lost = new RetryTime();

  SignedUrlReader(SharedFile file, RefreshableUrl url, HttpSettings settings, IoStats stats) {
    this.file = file;
    this.url = url;
    this.settings = settings;
    this.http = RangeClient.of(settings);
    this.retries = new RetryPolicy(settings, file.url().host()).outlastingOutages();
    this.userAgent = UserAgent.of(settings.callerOrg());
    this.stats = stats;
  }

  @Override
  public SharedFile file() {
    return file;
  }

  @Override
  public IoStats stats() {
    return stats;
  }

  @Override
  public FileVersion version() {
    return version;
  }

  /** A stream that picks up where a broken connection left it. */
  @Override
  public RangeStream stream(long start, long end) {
    return new SignedUrlStream(this, start, end);
  }

  /**
   * Runs a step of reading under the retry budget. The time budget is the file's: a store that
   * sends a little and stalls, again and again, would otherwise be followed for ever.
   */
  <T> T retrying(Supplier<T> step) {
    long start = System.nanoTime();
    int[] tries = {0};
    try {
      return retries.run(
          what(),
          () -> {
            if (tries[0]++ > 0) {
              stats.retry();
            }
            return inBudget(step);
          });
    } finally {
      stats.waited(System.nanoTime() - start);
      if (tries[0] > 1) {
        lost.add(start);
      }
    }
  }

  private <T> T inBudget(Supplier<T> step) {
    try {
      return step.get();
    } catch (TransientSharingException e) {
      if (lost.nanos() > settings.maxRetryDuration().toNanos()) {
        throw FileErrors.fileGivenUp(e);
      }
      throw e;
    }
  }

  /** One try: the body of {@code [start, end)}, positioned at {@code start}. */
  ResponseBody request(long start, long end) {
    HttpResponse response = granted(start, end);
    boolean handedOver = false;
    try {
      checkStatus(response, start, end);
      checkEtag(response);
      ResponseBody body =
          response.statusCode() == 206 ? ranged(response, start, end) : whole(response, start);
      handedOver = true;
      return body;
    } catch (IOException e) {
      throw broken(e);
    } finally {
      if (!handedOver) {
        response.body().close();
      }
    }
  }

  /**
   * The first response that is no refusal of the URL: other URLs are tried until a fresh one, and a
   * valid one once more after a pause, because stores refuse such now and then.
   */
  private HttpResponse granted(long start, long end) {
    RefreshedUrls now = url.current();
    HttpResponse response = send(now, start, end);
    boolean fresh = false;
    boolean paused = false;
    int urls = 1;
    while (UrlRefusal.is(response.statusCode())) {
      int status = response.statusCode();
      String said = StoreError.of(response);
      response.body().close();
      RefreshedUrls next = fresh || urls == MOST_URLS ? null : url.insteadOf(now);
      if (next != null) {
        urls++;
        fresh = next.fresh();
        now = next;
      } else if (paused || !UrlRefusal.mayPass(status) || !url.isValid(now) || !pause()) {
        throw UrlRefusal.of(file, status, said, urls > 1);
      } else {
        paused = true;
      }
      response = send(now, start, end);
    }
    return response;
  }

  private boolean pause() {
    boolean again = retries.pauseForOneMore(what());
    if (again) {
      stats.retry();
    }
    return again;
  }

  private String what() {
    return "Reading file " + file.id() + " of " + file.table();
  }

  private HttpResponse send(RefreshedUrls now, long start, long end) {
    stats.request();
    try {
      HttpResponse response = http.get(now.of(file).parsed(), start, end, userAgent);
      if (response.isFirstOfConnection()) {
        stats.connection();
      }
      return response;
    } catch (RefusedUrlException e) {
      throw failed("its URL is not followed: " + e.getMessage(), "Tell the provider.", null);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private void checkStatus(HttpResponse response, long start, long end) {
    int status = response.statusCode();
    switch (status) {
      case 200, 206 -> {}
      case 416 ->
          throw failed(
              "it is shorter than the server promised: it has no bytes "
                  + start
                  + " to "
                  + (end - 1)
                  + " (HTTP 416)",
              "Tell the provider.",
              null);
      // The proxy's own: its text may quote what it was sent.
      case 407 -> throw failed("the proxy answered HTTP 407", Failures.PROXY_WANTS_SIGN_IN, null);
      default -> {
        String reason = StoreError.of(response);
        if (status == 429 || status >= 500) {
          throw FileErrors.fileAgain(
              file.table(),
              file.id(),
              file.url().host(),
              reason,
              status,
              RetryAfter.millis(response.header("Retry-After")));
        }
        throw failed(reason, "Tell the provider.", null);
      }
    }
  }

  private void checkEtag(HttpResponse response) {
    if (!version.accepts(response.header("ETag"))) {
      throw failed("it changed while it was read (another ETag)", "Run the query again.", null);
    }
  }

  private ResponseBody ranged(HttpResponse response, long start, long end) {
    ContentRange range = ContentRange.parse(response.header("Content-Range"));
    checkLength(range == null ? -1 : range.total());
    if (range == null || range.first() != start || range.last() != end - 1) {
      throw failed(
          "the store sent other bytes than the "
              + start
              + " to "
              + (end - 1)
              + " that were requested",
          "Tell the provider.",
          null);
    }
    return response.body();
  }

  /** A store that does not do ranges sends the whole file. */
  private ResponseBody whole(HttpResponse response, long start) throws IOException {
    checkLength(response.contentLength());
    response.body().skipNBytes(start);
    return response.body();
  }

  private void checkLength(long length) {
    if (length >= 0 && file.size() >= 0 && length != file.size()) {
      throw failed(
          "it is " + length + " bytes long where the server promised " + file.size(),
          "It was replaced or cut: run the query again; if it stays, tell the provider.",
          null);
    }
  }

  void received(long bytes) {
    stats.bytes(bytes);
  }

  SharingException broken(IOException e) {
    if (e instanceof SlowException slow) {
      // Each of its bytes came soon enough: nothing else adds this up.
      lost.add(System.nanoTime() - slow.waitedNanos());
    }
    if (Thread.currentThread().isInterrupted()) {
      return SharingErrors.interrupted("reading file " + file.id() + " of " + file.table());
    }
    String advice = Failures.advice(e);
    if (advice != null) {
      return failed(Failures.reason(e), advice, e);
    }
    return FileErrors.fileBroken(
        file.table(),
        file.id(),
        file.url().host(),
        e instanceof SlowException
            ? "the response came slower than 1 KiB a second for longer than the option 'timeout'"
            : Failures.reason(e),
        Failures.isUnconnected(e),
        e);
  }

  private SharingException failed(String reason, String advice, Throwable cause) {
    return FileErrors.file(file.table(), file.id(), file.url().host(), reason, advice, cause);
  }
}
