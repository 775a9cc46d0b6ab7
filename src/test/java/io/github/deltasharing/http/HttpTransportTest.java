/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.server.SelfSigned;
import io.github.deltasharing.testing.Blocked;
import io.github.deltasharing.testing.SocketServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpTransportTest {
  private static final String HELLO = "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello";
  private static final byte[] BODY = "{\"a\":\"ü\"}".getBytes(StandardCharsets.UTF_8);
  private static final Duration END = Duration.ofSeconds(5);

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private SocketServer server;

  @AfterEach
  void close() {
    over.countDown();
    server.close();
  }

  /** Reads a head and as much of a body as it says; null at the connection's end. */
  private static String request(Socket connection) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = connection.getInputStream().read();
      if (b < 0) {
        return null;
      }
      head.append((char) b);
    }
    String text = head.toString();
    int length =
        text.lines()
            .filter(line -> line.startsWith("Content-Length: "))
            .mapToInt(line -> Integer.parseInt(line.substring(16)))
            .findAny()
            .orElse(0);
    byte[] body = connection.getInputStream().readNBytes(length);
    return text.replace("\r\n", "\n") + new String(body, StandardCharsets.UTF_8);
  }

  private void answering(String answer) {
    server =
        new SocketServer(
            connection -> {
              for (String request = request(connection);
                  request != null;
                  request = request(connection)) {
                requests.add(request);
                SocketServer.send(connection, answer);
              }
            });
  }

  private HttpUrl url(String path) {
    return HttpUrl.of("http://localhost:" + server.port() + path);
  }

  private static HttpResponse send(HttpRequest request, String... options) throws IOException {
    return HttpTransport.toServers(RangeClientTest.settings(options)).send(request);
  }

  private static void assertHello(HttpResponse response) throws IOException {
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(new String(response.body().readNBytes(5), StandardCharsets.US_ASCII))
        .isEqualTo("hello");
    assertThat(response.body().endsWithin(END)).isTrue();
  }

  @Test
  void headersAndBodyAreSentAsTheyAreGiven() throws IOException {
    answering(HELLO);
    assertHello(send(HttpRequest.get(url("/a?b=%20")).header("X-A", "1").header("X-B", "ü\t2")));
    assertHello(send(HttpRequest.post(url("/a"), BODY).header("Content-Type", "text/x")));
    assertHello(send(HttpRequest.post(url("/a"), new byte[0])));
    String host = "Host: localhost:" + server.port() + "\n";
    assertThat(requests)
        .containsExactly(
            "GET /a?b=%20 HTTP/1.1\n" + host + "X-A: 1\nX-B: \u00fc\t2\n\n",
            "POST /a HTTP/1.1\n"
                + host
                + "Content-Length: 10\nContent-Type: text/x\n\n{\"a\":\"ü\"}",
            "POST /a HTTP/1.1\n" + host + "Content-Length: 0\n\n");
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void headersThatNoRequestMayHave() {
    answering(HELLO);
    for (List<String> header :
        List.of(
            List.of("Host", "canary"),
            List.of("content-length", "5"),
            List.of("Transfer-Encoding", "canary"),
            List.of("X-A", "canary\nX-B: y"),
            List.of("X-A", "canary\r"),
            List.of("X-A", "canary\0"),
            List.of("X-A", "canary日"),
            List.of("X canary", "a"),
            List.of("X-canary:", "a"),
            List.of("", "canary"))) {
      assertThatThrownBy(() -> HttpRequest.get(url("/")).header(header.get(0), header.get(1)))
          .as("%s", header)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("canary");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 204 No Content\n\n", "HTTP/1.1 304 Not Modified\n\n"})
  void aStatusWithoutABodyLeavesItsConnection(String answer) throws IOException {
    answering(answer);
    for (int i = 0; i < 2; i++) {
      HttpResponse response = send(HttpRequest.get(url("/")));
      assertThat(response.body().endsWithin(END)).isTrue();
    }
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void allValuesOfAHeader() throws IOException {
    answering("HTTP/1.1 200 OK\nX-A: 1\nx-a: 2\nLocation: /b\nContent-Length: 5\n\nhello");
    HttpResponse response = send(HttpRequest.get(url("/")));
    assertThat(response.headers("X-a")).containsExactly("1", "2");
    assertThat(response.header("x-A")).isEqualTo("1");
    assertThat(response.header("x-b")).isNull();
    assertHello(response);
  }

  @Test
  void redirectsAreNotFollowed() throws IOException {
    answering("HTTP/1.1 302 Found\nLocation: /b\nContent-Length: 0\n\n");
    assertThat(send(HttpRequest.get(url("/"))).statusCode()).isEqualTo(302);
    assertThat(requests).hasSize(1);
  }

  /** Answers the first request of each connection; hangs up on the second when it has come. */
  private SocketServer hangingUp(int connectionsThatAnswer) {
    return new SocketServer(
        connection -> {
          requests.add(request(connection));
          if (server.connections() <= connectionsThatAnswer) {
            SocketServer.send(connection, HELLO);
            requests.add(request(connection));
          }
        });
  }

  @Test
  void aPostWithoutAResponseOverAKeptConnectionIsSentAnewOnce() throws IOException {
    server = hangingUp(2);
    assertHello(send(HttpRequest.post(url("/1"), BODY)));
    assertHello(send(HttpRequest.post(url("/2"), BODY)));
    assertThat(requests)
        .extracting(request -> request.substring(0, 7))
        .containsExactly("POST /1", "POST /2", "POST /2");
  }

  @Test
  void anInterruptedThreadLeavesPooledConnectionsToOthers() throws IOException {
    answering(HELLO);
    assertHello(send(HttpRequest.get(url("/"))));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> send(HttpRequest.get(url("/")))).isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertHello(send(HttpRequest.get(url("/"))));
    assertThat(server.connections()).isEqualTo(1);
    assertThat(requests).hasSize(2);
  }

  /** A second request gets the beginning of a response, and a reset or the connection's end. */
  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK\\nContent-Le, true",
    "HTTP/1.1 200 OK\\nContent-Le, false",
    "HTTP/1.1 200 OK\\nX-A: 1\\n, false",
    "HTTP/1.1 200, false",
    "HTTP/1.1 100 Continue\\n\\n, true"
  })
  void aResponseThatBreaksOffInItsHeadIsNoneAndItsRequestIsNotSentAgain(String head, boolean reset)
      throws IOException {
    server =
        new SocketServer(
            connection -> {
              requests.add(request(connection));
              SocketServer.send(connection, HELLO);
              requests.add(request(connection));
              SocketServer.send(connection, head.replace("\\n", "\n"));
              if (reset) {
                Thread.sleep(100);
                connection.setSoLinger(true, 0);
              }
            });
    assertHello(send(HttpRequest.get(url("/"))));
    assertThatThrownBy(() -> send(HttpRequest.get(url("/")))).isInstanceOf(IOException.class);
    assertThat(requests).hasSize(2);
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void itIsNotSentAThirdTimeNorAtAllOverAFirstConnection() throws IOException {
    server = hangingUp(1);
    assertHello(send(HttpRequest.post(url("/1"), BODY)));
    assertThatThrownBy(() -> send(HttpRequest.post(url("/2"), BODY)))
        .isInstanceOf(IOException.class);
    assertThat(server.connections()).isEqualTo(2);
    assertThatThrownBy(() -> send(HttpRequest.post(url("/3"), BODY)))
        .isInstanceOf(IOException.class);
    assertThat(server.connections()).isEqualTo(3);
    assertThat(requests).hasSize(4);
  }

  @Test
  void aRequestThatNobodyReadsEndsWithTheTimeout() {
    server = new SocketServer(connection -> over.await());
    HttpRequest large = HttpRequest.post(url("/"), new byte[64 << 20]);
    assertThatThrownBy(() -> send(large, "timeout", "300ms"))
        .isInstanceOf(HttpTimeoutException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anInterruptEndsTheSendingOfARequest(boolean tls) throws Exception {
    SocketServer.Script deaf =
        connection -> {
          connection.getInputStream().read();
          over.await();
        };
    server =
        tls
            ? new SocketServer(SelfSigned.context().getServerSocketFactory(), deaf)
            : new SocketServer(deaf);
    HttpUrl url = HttpUrl.of((tls ? "https" : "http") + "://localhost:" + server.port() + "/");
    try (Blocked call =
        new Blocked(
            () -> send(HttpRequest.post(url, new byte[64 << 20]), "sslTrustAll", "" + tls))) {
      Blocked.End end = call.awaitIn(HttpTransport.class).interrupt().end(5);
      assertThat(end.failure()).isInstanceOf(IOException.class);
      assertThat(end.interrupted()).isTrue();
    }
  }

  private HttpSettings behindProxy(String user) {
    return RangeClientTest.settings(
        "proxyHost",
        "localhost",
        "proxyPort",
        "" + server.port(),
        "proxyUser",
        user,
        "proxyPassword",
        "pass:wörd");
  }

  @Test
  void theProxyIsToldWhoAsks() throws Exception {
    answering(HELLO);
    HttpSettings settings = behindProxy("ada");
    assertThat(settings.proxy()).asString().contains("ada").doesNotContain("pass");
    String basic = "Proxy-Authorization: Basic YWRhOnBhc3M6d8O2cmQ=\n";
    assertHello(
        HttpTransport.toServers(settings)
            .send(HttpRequest.get(HttpUrl.of("http://sharing.invalid/a")).header("X-A", "1")));
    assertThat(requests)
        .containsExactly(
            "GET http://sharing.invalid/a HTTP/1.1\nHost: sharing.invalid\n"
                + basic
                + "X-A: 1\n\n");
    CompletableFuture<String> connect = new CompletableFuture<>();
    server.close();
    server = new SocketServer(connection -> connect.complete(request(connection)));
    assertThatThrownBy(
            () ->
                HttpTransport.toServers(behindProxy("ada"))
                    .send(HttpRequest.get(HttpUrl.of("https://sharing.invalid/a"))))
        .isInstanceOf(IOException.class);
    assertThat(connect.get(20, TimeUnit.SECONDS))
        .isEqualTo(
            "CONNECT sharing.invalid:443 HTTP/1.1\nHost: sharing.invalid:443\n" + basic + "\n");
  }

  @Test
  void theServerBehindATunnelIsNotToldWhoAsksTheProxy() throws Exception {
    answering(HELLO);
    HttpSettings settings =
        RangeClientTest.settings(
            "proxyHost",
            "p.invalid",
            "proxyPort",
            "1",
            "noProxyHosts",
            "localhost",
            "proxyUser",
            "ada",
            "proxyPassword",
            "canary");
    assertHello(HttpTransport.toServers(settings).send(HttpRequest.get(url("/a"))));
    assertThat(requests.get(0)).doesNotContain("Authorization");
  }
}
