/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import io.github.deltasharing.options.HttpSettings;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Requests ranges of bytes from stores. Redirects are followed if {@link StoreHosts} allows their
 * host; they carry no secret but that of their own URL. Mostly on executors; thread-safe; lives as
 * long as the JVM.
 */
public final class RangeClient {
  private static final Map<Object, RangeClient> CLIENTS = new ConcurrentHashMap<>();

  private static final int MOST_REDIRECTS = 5;

  private final HttpTransport http;
  private final StoreHosts hosts;

  private RangeClient(HttpSettings settings) {
    this.hosts = new StoreHosts(settings);
    this.http = HttpTransport.toStores(settings, hosts::check);
  }

  /** The JVM's client for these settings. */
  public static RangeClient of(HttpSettings settings) {
    return CLIENTS.computeIfAbsent(settings.connectionKey(), key -> new RangeClient(settings));
  }

  /**
   * Sends a GET for bytes {@code [start, end)} and waits for the head of the response.
   *
   * @param userAgent the header of that name
   * @throws RefusedUrlException if the URL, or a redirect's, may not be followed
   * @throws IOException if there is no response; the message does not quote the URL
   */
  public HttpResponse get(HttpUrl url, long start, long end, String userAgent) throws IOException {
    return get(url, "bytes=" + start + "-" + (end - 1), userAgent);
  }

  /**
   * The same for all bytes, or all from one on.
   *
   * @param start the first byte; 0 for a request without a range
   */
  public HttpResponse getFrom(HttpUrl url, long start, String userAgent) throws IOException {
    return get(url, start == 0 ? null : "bytes=" + start + "-", userAgent);
  }

  private HttpResponse get(HttpUrl url, String range, String userAgent) throws IOException {
    HttpUrl now = url;
    for (int redirects = 0; ; redirects++) {
      hosts.check(now.host());
      HttpRequest request =
          HttpRequest.get(now).header("User-Agent", userAgent).header("Accept", "*/*");
      HttpResponse response = http.send(range == null ? request : request.header("Range", range));
      String location = response.location();
      if (location == null) {
        return response;
      }
      response.body().close();
      if (redirects == MOST_REDIRECTS) {
        throw new RefusedUrlException("it was redirected more than " + MOST_REDIRECTS + " times");
      }
      now = now.redirectedTo(location);
    }
  }
}
