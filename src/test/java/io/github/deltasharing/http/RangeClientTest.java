/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.server.SelfSigned;
import io.github.deltasharing.testing.Blocked;
import io.github.deltasharing.testing.ClosedPort;
import io.github.deltasharing.testing.SocketServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class RangeClientTest {
  private static final String HELLO = "HTTP/1.1 206 Partial Content\nContent-Length: 5\n\nhello";
  private static final Duration END = Duration.ofSeconds(5);

  private final List<List<String>> heads = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private SocketServer server;

  @AfterEach
  void close() {
    over.countDown();
    if (server != null) {
      server.close();
    }
  }

  static HttpSettings settings(String... namesAndValues) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      options.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new SharingReadConf(options, name -> null).http().withLoopbackStores(true);
  }

  /** Answers each request in the same way, as long as the connection lasts. */
  private SocketServer.Script answering(String answer) {
    return connection -> {
      for (List<String> head = SocketServer.head(connection);
          head != null;
          head = SocketServer.head(connection)) {
        heads.add(head);
        SocketServer.send(connection, answer);
      }
    };
  }

  private URI uri(String scheme, String rest) {
    return URI.create(scheme + "://localhost:" + server.port() + rest);
  }

  private HttpResponse get(String... options) throws IOException {
    return get(uri("http", "/file?sig=canary"), options);
  }

  private static HttpResponse get(URI uri, String... options) throws IOException {
    return RangeClient.of(settings(options)).get(HttpUrl.of(uri.toString()), 10, 15, "tests");
  }

  private static String text(HttpResponse response) throws IOException {
    return new String(response.body().readNBytes(5), StandardCharsets.US_ASCII);
  }

  private static void assertHello(HttpResponse response) throws IOException {
    assertThat(response.statusCode()).isEqualTo(206);
    assertThat(text(response)).isEqualTo("hello");
    assertThat(response.body().endsWithin(END)).isTrue();
  }

  @Test
  void asksAsTheUrlWasSigned() throws IOException {
    server = new SocketServer(answering(HELLO));
    String signed =
        "//a%2Fb/%C3%A4 c+d".replace(" ", "%20") + "?sig=x%2By%3D&k=" + "z".repeat(9000);
    assertHello(get(uri("http", signed)));
    assertThat(heads.get(0))
        .containsExactly(
            "GET " + signed + " HTTP/1.1",
            "Host: localhost:" + server.port(),
            "User-Agent: tests",
            "Accept: */*",
            "Range: bytes=10-14");
  }

  @Test
  void anAnswerReadToItsEndLeavesItsConnectionToTheNext() throws IOException {
    server = new SocketServer(answering(HELLO));
    for (int i = 0; i < 3; i++) {
      assertHello(get());
    }
    assertThat(server.connections()).isEqualTo(1);
    HttpResponse unread = get();
    unread.body().close();
    assertThatThrownBy(() -> text(unread)).isInstanceOf(IOException.class);
    assertHello(get());
    assertThat(server.connections()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 206 Partial Content\nTransfer-Encoding: chunked\n\n3\nhel\n2\nlo\n0\n\n",
        "HTTP/1.1 103 Early Hints\nLink: x\n\nHTTP/1.1 206 Partial Content\nContent-Length: 5\n\nhello",
      })
  void otherFramesOfAnswers(String answer) throws IOException {
    server = new SocketServer(answering(answer));
    assertHello(get());
    assertHello(get());
    assertThat(server.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 206 Partial Content\nContent-Length: 5\nConnection: close\n\nhello",
        "HTTP/1.0 206 Partial Content\n\nhello",
      })
  void aConnectionThatTheStoreWillCloseIsNotKept(String answer) throws IOException {
    server =
        new SocketServer(
            connection -> {
              SocketServer.head(connection);
              SocketServer.send(connection, answer);
            });
    for (int i = 0; i < 2; i++) {
      HttpResponse response = get();
      assertThat(text(response)).isEqualTo("hello");
      assertThat(response.body().endsWithin(END)).isFalse();
      response.body().close();
    }
    assertThat(server.connections()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1_500})
  void aConnectionThatWasClosedWhenIdleIsReplacedUnseen(long idleMillis) throws Exception {
    server =
        new SocketServer(
            connection -> {
              heads.add(SocketServer.head(connection));
              SocketServer.send(connection, HELLO);
            });
    assertHello(get());
    Thread.sleep(idleMillis);
    assertHello(get());
    assertThat(server.connections()).isEqualTo(2);
    assertThat(heads).hasSize(2);
  }

  @Test
  void idleConnectionsAreClosed() throws Exception {
    CompletableFuture<Integer> end = new CompletableFuture<>();
    server = new SocketServer(connection -> end.complete(connection.getInputStream().read()));
    Route route = new Route(false, "localhost", server.port(), null);
    HttpConnection connection =
        new Connector(settings(), (host, to) -> {}, new Proxies(settings().proxy())).open(route);
    ConnectionPool idle = new ConnectionPool(Duration.ofMillis(200), END);
    idle.put(connection);
    assertThat(idle.take(route)).isSameAs(connection);
    idle.put(connection);
    assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(-1);
    assertThat(idle.take(route)).isNull();
  }

  @Test
  void theProxyIsAskedForTheWholeUrl() throws IOException {
    server = new SocketServer(answering(HELLO));
    String[] proxy = {
      "proxyHost", "localhost", "proxyPort", "" + server.port(), "noProxyHosts", "*.direct.invalid"
    };
    URI uri = URI.create("http://store.invalid:81/file?sig=x%2Fy");
    assertHello(get(uri, proxy));
    assertThat(heads.get(0))
        .contains("GET http://store.invalid:81/file?sig=x%2Fy HTTP/1.1", "Host: store.invalid:81");
    assertThatThrownBy(() -> get(URI.create("http://a.direct.invalid/file"), proxy))
        .isInstanceOf(UnknownHostException.class);
  }

  @Test
  void tlsGoesThroughAProxysTunnel() throws Exception {
    try (SocketServer store =
        new SocketServer(SelfSigned.context().getServerSocketFactory(), answering(HELLO))) {
      CompletableFuture<List<String>> asked = new CompletableFuture<>();
      server =
          new SocketServer(
              connection -> {
                asked.complete(SocketServer.head(connection));
                try (Socket onward = new Socket("localhost", store.port())) {
                  SocketServer.send(connection, "HTTP/1.1 200 OK\n\n");
                  CompletableFuture<Void> back =
                      CompletableFuture.runAsync(() -> pipe(onward, connection));
                  pipe(connection, onward);
                  back.join();
                }
              });
      String[] options = {
        "proxyHost", "localhost", "proxyPort", "" + server.port(), "sslTrustAll", "true"
      };
      URI uri = URI.create("https://store.invalid/file?sig=canary");
      assertHello(get(uri, options));
      assertHello(get(uri, options));
      assertThat(asked.get(20, TimeUnit.SECONDS))
          .containsExactly("CONNECT store.invalid:443 HTTP/1.1", "Host: store.invalid:443");
      assertThat(server.connections()).isEqualTo(1);
      assertThat(heads.get(1)).contains("GET /file?sig=canary HTTP/1.1", "Host: store.invalid");
    }
  }

  static void pipe(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One of them is closed.
    }
  }

  @Test
  void aProxyThatOpensNoTunnel() {
    server = new SocketServer(answering("HTTP/1.1 407 Who are you\nContent-Length: 0\n\n"));
    assertThatThrownBy(
            () ->
                get(
                    URI.create("https://store.invalid/file?sig=canary"),
                    "proxyHost",
                    "localhost",
                    "proxyPort",
                    "" + server.port()))
        .isInstanceOf(IOException.class)
        .hasMessage("the proxy refused a tunnel to the host with HTTP 407");
  }

  @Test
  void tls() throws Exception {
    server = new SocketServer(SelfSigned.context().getServerSocketFactory(), answering(HELLO));
    URI uri = uri("https", "/file?sig=canary");
    assertHello(get(uri, "sslTrustAll", "true"));
    assertHello(get(uri, "sslTrustAll", "true"));
    assertThat(server.connections()).isEqualTo(1);
    assertThatThrownBy(() -> get(uri)).isInstanceOf(SSLException.class);
  }

  @Test
  void noWaitIsLongerThanTheTimeout() {
    server =
        new SocketServer(
            connection -> {
              if (SocketServer.head(connection).get(0).contains("stall")) {
                SocketServer.send(
                    connection, "HTTP/1.1 206 Partial Content\nContent-Length: 5\n\nhe");
              }
              over.await();
            });
    assertThatThrownBy(() -> get("timeout", "300ms"))
        .isExactlyInstanceOf(HttpTimeoutException.class);
    assertThatThrownBy(() -> text(get(uri("http", "/stall"), "timeout", "300ms")))
        .isInstanceOf(StalledException.class);
    assertThatThrownBy(() -> get(uri("https", "/stall"), "timeout", "300ms", "sslTrustAll", "true"))
        .isInstanceOf(HttpTimeoutException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:%d/file", "https://localhost:%d/file"})
  void anInterruptEndsTheWaitForAnAnswer(String url) throws Exception {
    server = new SocketServer(connection -> over.await());
    URI uri = URI.create(url.formatted(server.port()));
    try (Blocked call = new Blocked(() -> get(uri))) {
      Blocked.End end = call.awaitIn(RangeClient.class).interrupt().end(5);
      assertThat(end.failure()).isInstanceOf(IOException.class);
      assertThat(end.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBodyIsEndedByAnInterruptAndByAnotherThreadsClose(boolean tls) throws Exception {
    SocketServer.Script stall =
        connection -> {
          SocketServer.head(connection);
          SocketServer.send(connection, "HTTP/1.1 206 Partial Content\nContent-Length: 5\n\nhe");
          over.await();
        };
    server =
        tls
            ? new SocketServer(SelfSigned.context().getServerSocketFactory(), stall)
            : new SocketServer(stall);
    URI uri = uri(tls ? "https" : "http", "/file");
    try (Blocked call = new Blocked(() -> text(get(uri, "sslTrustAll", "" + tls)))) {
      Blocked.End end = call.awaitIn(ResponseBody.class).interrupt().end(5);
      assertThat(end.failure()).isInstanceOf(IOException.class);
      assertThat(end.interrupted()).isTrue();
    }
    HttpResponse response = get(uri, "sslTrustAll", "" + tls);
    try (Blocked call = new Blocked(() -> text(response))) {
      call.awaitIn(ResponseBody.class);
      response.body().close();
      assertThat(call.end(5).failure()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void noStoreThere() {
    try (ClosedPort port = new ClosedPort()) {
      URI uri = URI.create("http://127.0.0.1:" + port.number() + "/file?sig=canary");
      assertThatThrownBy(() -> get(uri)).isInstanceOf(ConnectException.class);
    }
    assertThatThrownBy(() -> get(URI.create("http://store.invalid/file?sig=canary")))
        .isInstanceOf(UnknownHostException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSH-2.0-OpenSSH_9.6\n\n\n", "HTTP/1.1 two hundred\n\n"})
  void whatIsNotHttp(String answer) {
    server = new SocketServer(answering(answer));
    assertThatThrownBy(() -> get("timeout", "2s"))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://store/file?sig=canary", "file:///canary", "http:canary"})
  void whatIsNoUrlOfHttp(String url) {
    assertThatThrownBy(() -> get(URI.create(url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("canary");
  }
}
