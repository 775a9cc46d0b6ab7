/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.oidc;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gets the documents of issuers: without redirects, in little time, and not more of them than they
 * should be. Safe for use by several threads.
 */
final class IssuerDocuments implements ResourceRetriever {
  private static final int LONGEST = 1 << 20;
  private static final Duration TIME = Duration.ofSeconds(5);

  private final Duration time;
  private final HttpClient http;

  IssuerDocuments() {
    this(TIME);
  }

  /**
   * Takes no longer for a document than this.
   *
   * @param time from the request to the end of the document
   */
  IssuerDocuments(Duration time) {
    this.time = time;
    this.http =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(time)
            .build();
  }

  @Override
  public Resource retrieveResource(URL url) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url.toString()))
            .timeout(time)
            .header("Accept", "application/json")
            .build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // A request's own timeout ends with the head of the response.
    CompletableFuture<HttpResponse<Void>> response =
        http.sendAsync(
            request,
            HttpResponse.BodyHandlers.ofByteArrayConsumer(
                part -> part.ifPresent(b -> add(bytes, b))));
    try {
      int status = response.get(time.toMillis(), TimeUnit.MILLISECONDS).statusCode();
      if (status != 200) {
        throw new IOException("HTTP " + status);
      }
      if (bytes.size() > LONGEST) {
        throw new IOException("The document is longer than 1 MiB");
      }
      return new Resource(bytes.toString(StandardCharsets.UTF_8), "application/json");
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("The document did not come in " + time, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    } finally {
      response.cancel(true);
    }
  }

  private static void add(ByteArrayOutputStream bytes, byte[] part) {
    if (bytes.size() <= LONGEST) {
      bytes.writeBytes(part);
    }
  }
}
