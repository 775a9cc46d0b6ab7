/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.error.DirectoryErrors;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.http.Failures;
import io.github.deltasharing.http.HttpResponse;
import io.github.deltasharing.http.HttpUrl;
import io.github.deltasharing.http.RangeClient;
import io.github.deltasharing.http.RefusedUrlException;
import io.github.deltasharing.http.RetryAfter;
import io.github.deltasharing.http.RetryPolicy;
import io.github.deltasharing.http.UserAgent;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.url.StoreError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Sends the driver's requests to the store of one table: with the retries, budgets and checks of
 * requests for data files. Driver only; thread-safe.
 */
final class StoreRequests {
  private static final Duration END = Duration.ofMillis(200);

  private final String table;
  private final HttpSettings settings;
  private final RangeClient http;
  private final String userAgent;

  /**
   * @param table as messages name it
   */
  StoreRequests(String table, HttpSettings settings) {
    this.table = table;
    this.settings = settings;
    this.http = RangeClient.of(settings);
    this.userAgent = UserAgent.of(settings.callerOrg());
  }

  String table() {
    return table;
  }

  /** Reads a response whose status says that it is one. */
  interface Reading<T> {
    T read(HttpResponse response) throws IOException;
  }

  /**
   * Bytes of a file.
   *
   * @param name of the file, for messages
   * @param start the first byte
   * @param end after the last byte; −1 for all from the first one on
   * @throws FileNotFoundException if there is no such file
   * @throws IOException for any other failure; its cause is the {@link SharingException}
   */
  <T> T get(ObjectStore store, String name, long start, long end, Reading<T> reading)
      throws IOException {
    return send(
        store,
        "reading " + name + " of the log",
        () -> store.signer().sign(name),
        start,
        end,
        reading);
  }

  /** A page of a listing; throws as {@link #get} does. */
  ListPage list(ObjectStore store, Supplier<String> url) throws IOException {
    return send(
        store, "listing its directory", url, 0, -1, response -> store.read(response.body()));
  }

  private <T> T send(
      ObjectStore store,
      String what,
      Supplier<String> url,
      long start,
      long end,
      Reading<T> reading)
      throws IOException {
    try {
      T result =
          new RetryPolicy(settings, store.host())
              .run(
                  "Reading the directory of " + table,
                  () -> once(store, what, url, start, end, reading));
      if (result == null) {
        throw new FileNotFoundException("there is no such file");
      }
      return result;
    } catch (SharingException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** One try; null where there is no such object. */
  private <T> T once(
      ObjectStore store,
      String what,
      Supplier<String> url,
      long start,
      long end,
      Reading<T> reading) {
    for (int tried = 0; ; tried++) {
      long signedAt = System.nanoTime();
      try {
        HttpUrl to = HttpUrl.of(url.get());
        HttpResponse response =
            end < 0 ? http.getFrom(to, start, userAgent) : http.get(to, start, end, userAgent);
        try {
          int status = response.statusCode();
          if (status == 200 || status == 206) {
            T result = reading.read(response);
            response.body().endsWithin(END);
            return result;
          }
          StoreError error = StoreError.read(response);
          if (status == 404 && !error.code().equals("NoSuchBucket")) {
            return null;
          }
          if (status == 429 || status >= 500) {
            throw busy(store, what, error, response);
          }
          if (!store.mayTryAgain(response, error, tried, signedAt)) {
            throw DirectoryErrors.refused(
                what, table, store.host(), error.text(), store.permissions());
          }
        } finally {
          response.body().close();
        }
      } catch (RefusedUrlException e) {
        throw DirectoryErrors.notRequested(what, table, store.host(), e.getMessage());
      } catch (BadAnswerException e) {
        throw DirectoryErrors.failed(
            what, table, store.host(), e.getMessage(), "Tell the provider.", e);
      } catch (IOException e) {
        throw broken(store, what, e);
      }
    }
  }

  private TransientSharingException busy(
      ObjectStore store, String what, StoreError error, HttpResponse response) {
    return DirectoryErrors.busy(
        what,
        table,
        store.host(),
        error.text(),
        response.statusCode(),
        RetryAfter.millis(response.header("Retry-After")));
  }

  private SharingException broken(ObjectStore store, String what, IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return SharingErrors.interrupted(what + " of " + table);
    }
    String advice = Failures.advice(e);
    return advice == null
        ? DirectoryErrors.broken(
            what, table, store.host(), Failures.reason(e), Failures.isUnconnected(e), e)
        : DirectoryErrors.failed(what, table, store.host(), Failures.reason(e), advice, e);
  }
}
