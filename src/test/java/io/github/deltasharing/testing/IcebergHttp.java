/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.iceberg.rest.BaseHTTPClient;
import org.apache.iceberg.rest.HTTPHeaders;
import org.apache.iceberg.rest.HTTPRequest;
import org.apache.iceberg.rest.HTTPRequest.HTTPMethod;
import org.apache.iceberg.rest.ImmutableHTTPRequest;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.rest.RESTClient;
import org.apache.iceberg.rest.RESTResponse;
import org.apache.iceberg.rest.auth.AuthSession;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.apache.iceberg.rest.responses.ErrorResponseParser;

/**
 * Iceberg's client for REST catalogs with the JDK's HTTP below it: the class path has another
 * version of the library that Iceberg takes for it. What requests are, and what responses mean, is
 * Iceberg's.
 */
public final class IcebergHttp extends BaseHTTPClient {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;
  private final AuthSession session;

  private IcebergHttp(URI base, AuthSession session) {
    this.base = base;
    this.session = session;
  }

  /** A catalog. */
  public static RESTCatalog catalog(Map<String, String> properties) {
    RESTCatalog catalog =
        new RESTCatalog(
            config -> new IcebergHttp(URI.create(config.get("uri")), AuthSession.EMPTY));
    catalog.initialize("shared", properties);
    return catalog;
  }

  @Override
  public RESTClient withAuthSession(AuthSession other) {
    return new IcebergHttp(base, other);
  }

  @Override
  protected HTTPRequest buildRequest(
      HTTPMethod method,
      String path,
      Map<String, String> parameters,
      Map<String, String> headers,
      Object body) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Content-Type", "application/json");
    ImmutableHTTPRequest.Builder request =
        ImmutableHTTPRequest.builder()
            .baseUri(base)
            .method(method)
            .path(path)
            .headers(HTTPHeaders.of(all))
            .body(body);
    if (parameters != null) {
      request.queryParameters(parameters);
    }
    return session.authenticate(request.build());
  }

  @Override
  protected <T extends RESTResponse> T execute(
      HTTPRequest request,
      Class<T> type,
      Consumer<ErrorResponse> failed,
      Consumer<Map<String, String>> headers) {
    HttpRequest.Builder sent =
        HttpRequest.newBuilder(request.requestUri())
            .method(
                request.method().name(),
                request.encodedBody() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(request.encodedBody()));
    request.headers().entries().forEach(header -> sent.header(header.name(), header.value()));
    try {
      HttpResponse<String> response = http.send(sent.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        failed.accept(error(response));
        throw new IllegalStateException("Nothing is thrown for " + response.statusCode());
      }
      Map<String, String> given = new LinkedHashMap<>();
      response.headers().map().forEach((name, values) -> given.put(name, values.get(0)));
      headers.accept(given);
      return type == null || response.body().isEmpty()
          ? null
          : request.mapper().readValue(response.body(), type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ErrorResponse error(HttpResponse<String> response) {
    return response.body().isEmpty()
        ? ErrorResponse.builder().responseCode(response.statusCode()).build()
        : ErrorResponseParser.fromJson(response.body());
  }

  @Override
  public void close() {}
}
