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
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Passes a request on to a server behind a {@link StubServer}, and its answer back, header names in
 * lower case.
 */
public final class PassOn {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Headers of one connection, not of what is passed on. */
  private static final Set<String> OF_CONNECTION =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "accept-encoding",
          "upgrade",
          "http2-settings",
          "expect",
          "date");

  private PassOn() {}

  public static StubAnswer to(URI behind, StubRequest request, String body) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(behind.resolve(request.target()))
            .method(request.method(), HttpRequest.BodyPublishers.ofString(body));
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (!ofConnection(name)) {
                builder.header(name, value);
              }
            });
    try {
      return answer(HTTP.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static StubAnswer answer(HttpResponse<byte[]> response) {
    StubAnswer answer = StubAnswer.status(response.statusCode()).withBody(response.body());
    for (Map.Entry<String, List<String>> header : response.headers().map().entrySet()) {
      if (!ofConnection(header.getKey())) {
        answer =
            answer.withHeader(
                header.getKey().toLowerCase(Locale.ROOT), String.join(",", header.getValue()));
      }
    }
    return answer;
  }

  private static boolean ofConnection(String header) {
    return OF_CONNECTION.contains(header.toLowerCase(Locale.ROOT));
  }
}
