/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Issuers that do not end, lead elsewhere or send too much cost no more than a moment. */
@Tag("unit")
class IssuerDocumentsTest {
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer issuer;

  @BeforeEach
  void start() throws IOException {
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.setExecutor(threads);
    issuer.createContext("/good", exchange -> send(exchange, 200, "{\"keys\":[]}".length()));
    issuer.createContext("/large", exchange -> send(exchange, 200, 2 << 20));
    issuer.createContext("/missing", exchange -> send(exchange, 404, 2));
    issuer.createContext(
        "/elsewhere",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/good");
          send(exchange, 302, 2);
        });
    issuer.createContext("/silent", exchange -> await());
    issuer.createContext(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          await();
        });
    issuer.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    issuer.stop(0);
    threads.shutdownNow();
  }

  private static void send(HttpExchange exchange, int status, int length) throws IOException {
    String text = "{\"keys\":[]}" + " ".repeat(Math.max(0, length - 11));
    exchange.sendResponseHeaders(status, length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(text.getBytes(StandardCharsets.UTF_8), 0, length);
    }
  }

  private void await() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private URL url(String path) throws MalformedURLException {
    return new URL("http://127.0.0.1:" + issuer.getAddress().getPort() + path);
  }

  @Test
  void aDocumentComesWholeOrNotAtAll() throws IOException {
    IssuerDocuments documents = new IssuerDocuments();
    assertThat(documents.retrieveResource(url("/good")).getContent()).isEqualTo("{\"keys\":[]}");
    assertThatThrownBy(() -> documents.retrieveResource(url("/large")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("longer than 1 MiB");
    assertThatThrownBy(() -> documents.retrieveResource(url("/missing")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("HTTP 404");
    assertThatThrownBy(() -> documents.retrieveResource(url("/elsewhere")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("HTTP 302");
  }

  @Test
  void anIssuerThatDoesNotEndIsNotWaitedFor() {
    IssuerDocuments documents = new IssuerDocuments(Duration.ofMillis(300));
    for (String path : new String[] {"/silent", "/endless"}) {
      assertThatThrownBy(() -> documents.retrieveResource(url(path)))
          .as(path)
          .isInstanceOf(IOException.class);
    }
  }
}
