/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.rest.BaseHTTPClient;
import org.apache.iceberg.rest.HTTPHeaders;
import org.apache.iceberg.rest.HTTPRequest;
import org.apache.iceberg.rest.ImmutableHTTPRequest;
import org.apache.iceberg.rest.RESTClient;
import org.apache.iceberg.rest.RESTResponse;
import org.apache.iceberg.rest.RESTUtil;
import org.apache.iceberg.rest.auth.AuthSession;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.apache.iceberg.rest.responses.ErrorResponseParser;

/**
 * What Iceberg's client of REST catalogs sends its requests with: the JDK's own HTTP, up to a time
 * and a length, following no redirect. Messages hold no part of a request or response. Safe for use
 * by several threads.
 */
final class CatalogHttp extends BaseHTTPClient {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration RESPONSE = Duration.ofSeconds(30);

  /** As the longest metadata that is read. */
  private static final int LONGEST = MetadataJson.LONGEST;

  private final HttpClient http;
  private final URI base;
  private final Map<String, String> headers;
  private final AuthSession session;

  /**
   * @param properties the catalog's, with those that it gives itself
   */
  CatalogHttp(Map<String, String> properties) {
    this(
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build(),
        URI.create(RESTUtil.stripTrailingSlash(properties.get(CatalogProperties.URI))),
        RESTUtil.configHeaders(properties),
        AuthSession.EMPTY);
  }

  private CatalogHttp(HttpClient http, URI base, Map<String, String> headers, AuthSession session) {
    this.http = http;
    this.base = base;
    this.headers = headers;
    this.session = session;
  }

  @Override
  public RESTClient withAuthSession(AuthSession other) {
    return new CatalogHttp(http, base, headers, other);
  }

  @Override
  protected HTTPRequest buildRequest(
      HTTPRequest.HTTPMethod method,
      String path,
      Map<String, String> query,
      Map<String, String> own,
      Object body) {
    Map<String, String> all = new HashMap<>(headers);
    all.putAll(own);
    all.putIfAbsent("Accept", "application/json");
    if (body != null) {
      all.putIfAbsent(
          "Content-Type",
          body instanceof Map ? "application/x-www-form-urlencoded" : "application/json");
    }
    return session.authenticate(
        ImmutableHTTPRequest.builder()
            .baseUri(base)
            .method(method)
            .path(path)
            .body(body)
            .queryParameters(query == null ? Map.of() : query)
            .headers(HTTPHeaders.of(all))
            .build());
  }

  @Override
  protected <T extends RESTResponse> T execute(
      HTTPRequest request,
      Class<T> type,
      Consumer<ErrorResponse> errors,
      Consumer<Map<String, String>> responseHeaders) {
    HttpRequest.Builder sent =
        HttpRequest.newBuilder(request.requestUri())
            .timeout(RESPONSE)
            .method(
                request.method().name(),
                request.encodedBody() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(request.encodedBody()));
    request.headers().entries().forEach(header -> sent.header(header.name(), header.value()));
    try {
      HttpResponse<InputStream> response =
          http.send(sent.build(), HttpResponse.BodyHandlers.ofInputStream());
      byte[] text;
      try (InputStream in = response.body()) {
        text = in.readNBytes(LONGEST + 1);
      }
      if (text.length > LONGEST) {
        throw new RESTException("the response is longer than %s bytes", LONGEST);
      }
      Map<String, String> received = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      response.headers().map().forEach((name, values) -> received.put(name, values.get(0)));
      responseHeaders.accept(received);
      int status = response.statusCode();
      if (status >= 300 && status != 304) {
        throw failure(status, new String(text, StandardCharsets.UTF_8), errors);
      }
      return type == null || text.length == 0 ? null : request.mapper().readValue(text, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException());
    }
  }

  /** What the protocol makes of an error: thrown by {@code errors}, if it knows it. */
  private static RESTException failure(int status, String text, Consumer<ErrorResponse> errors) {
    ErrorResponse error;
    try {
      error = ErrorResponseParser.fromJson(text);
    } catch (RuntimeException e) {
      error = null;
    }
    if (error == null || error.code() == null) {
      error = ErrorResponse.builder().responseCode(status).withMessage("").build();
    }
    errors.accept(error);
    return new RESTException("status %s", status);
  }

  /** The JDK's client ends with its last reference. */
  @Override
  public void close() {}
}
