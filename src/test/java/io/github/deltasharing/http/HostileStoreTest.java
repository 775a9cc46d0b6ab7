/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.server.SelfSigned;
import io.github.deltasharing.testing.SocketServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that never stop sending, or send so little that nothing comes of it. */
@Timeout(60)
@Tag("unit")
class HostileStoreTest {
  private static final String HEAD = "HTTP/1.1 206 Partial Content\nContent-Length: 1000000\n";

  private final List<String> targets = new CopyOnWriteArrayList<>();
  private SocketServer server;

  @AfterEach
  void close() {
    server.close();
  }

  private HttpResponse from(String scheme, String... options) throws IOException {
    Map<String, String> all = new HashMap<>(Map.of("timeout", "400ms", "sslTrustAll", "true"));
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    HttpUrl url = HttpUrl.of(scheme + "://localhost:" + server.port() + "/f?sig=canary");
    return RangeClient.of(new SharingReadConf(all, name -> null).http().withLoopbackStores(true))
        .get(url, 0, 1_000_000, "t");
  }

  private HttpResponse get(String... options) throws IOException {
    return from("http", options);
  }

  /** Sends a start, then a piece again and again for as long as somebody listens. */
  private static SocketServer.Script endless(String start, String piece, long pauseMillis) {
    return connection -> {
      SocketServer.head(connection);
      SocketServer.send(connection, start);
      byte[] again = piece.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
      while (true) {
        connection.getOutputStream().write(again);
        Thread.sleep(pauseMillis);
      }
    };
  }

  private void serve(boolean tls, SocketServer.Script script) throws Exception {
    server =
        tls
            ? new SocketServer(SelfSigned.context().getServerSocketFactory(), script)
            : new SocketServer(script);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aHeadThatComesByteByByte(boolean tls) throws Exception {
    serve(tls, endless("HTTP/1.1 206 P", "x", 50));
    assertThatThrownBy(() -> from(tls ? "https" : "http")).isInstanceOf(HttpTimeoutException.class);
  }

  @Test
  void aHandshakeThatComesByteByByte() throws Exception {
    // The head of a TLS record of 16 KiB.
    serve(
        false,
        connection -> {
          connection.getOutputStream().write(new byte[] {22, 3, 3, 64, 0});
          while (true) {
            connection.getOutputStream().write(2);
            Thread.sleep(50);
          }
        });
    assertThatThrownBy(() -> from("https")).isInstanceOf(HttpTimeoutException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBodyThatComesByteByByte(boolean tls) throws Exception {
    serve(tls, endless(HEAD + "\n", "x", 50));
    HttpResponse response = from(tls ? "https" : "http");
    assertThatThrownBy(() -> response.body().readNBytes(1_000_000))
        .isInstanceOf(SlowException.class)
        .hasMessageContaining("1024 bytes a second");
  }

  @Test
  void aBodyAtTheLeastRateIsReadHoweverLongItTakes() throws Exception {
    serve(false, endless(HEAD + "\n", "x".repeat(400), 100));
    HttpResponse response = get();
    // 10 times 100 ms, more than the timeout of 400.
    assertThat(response.body().readNBytes(4_000)).hasSize(4_000);
    response.body().close();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 30})
  void interimAnswersWithoutEnd(long pauseMillis) throws Exception {
    serve(false, endless("", "HTTP/1.1 100 Continue\n\n", pauseMillis));
    assertThatThrownBy(this::get).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Header: value\n",
        "X",
        "X-Long: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n x\n"
      })
  void headersWithoutEnd(String piece) throws Exception {
    serve(false, endless(HEAD, piece.repeat(500), 0));
    assertThatThrownBy(() -> get("timeout", "20s"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("its headers");
  }

  @Test
  void chunkHeadersAndTrailersWithoutEnd() throws Exception {
    String head = "HTTP/1.1 206 Partial Content\nTransfer-Encoding: chunked\n\n";
    for (String start : List.of("1;x=", "0\nX: ")) {
      serve(false, endless(head + start, "x".repeat(5_000), 0));
      HttpResponse response = get("timeout", "20s");
      assertThatThrownBy(() -> response.body().readNBytes(10)).isInstanceOf(IOException.class);
      server.close();
    }
  }

  private static String redirect(int status, String location) {
    return "HTTP/1.1 " + status + " Elsewhere\nLocation: " + location + "\nContent-Length: 0\n\n";
  }

  /** Answers the first request so, and others with five bytes. */
  private SocketServer.Script first(String answer) {
    return connection -> {
      for (List<String> head = SocketServer.head(connection);
          head != null;
          head = SocketServer.head(connection)) {
        targets.addAll(head);
        SocketServer.send(
            connection,
            head.get(0).contains("/f?sig=canary")
                ? answer
                : "HTTP/1.1 206 Partial Content\nContent-Length: 5\n\nhello");
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirectsAreFollowedWithNothingButWhatTheyHold(int status) throws Exception {
    serve(false, first(redirect(status, "/other file?s=2")));
    HttpResponse response = get();
    assertThat(new String(response.body().readNBytes(5), StandardCharsets.US_ASCII))
        .isEqualTo("hello");
    assertThat(targets)
        .contains("GET /other%20file?s=2 HTTP/1.1")
        .filteredOn(line -> line.startsWith("Range: "))
        .containsExactly("Range: bytes=0-999999", "Range: bytes=0-999999");
    assertThat(targets).filteredOn(line -> line.contains("canary")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "http://metadata.google.internal/",
        "file:///etc/passwd",
        "http://u:p@localhost/"
      })
  void redirectsToWhatIsNoStoreAreNotFollowed(String location) throws Exception {
    serve(false, first(redirect(302, location)));
    assertThatThrownBy(this::get).isInstanceOf(RefusedUrlException.class);
  }

  @Test
  void redirectsStayWithinTheHostsAllowed() throws Exception {
    serve(false, first(redirect(302, "http://127.0.0.1:1/f")));
    assertThatThrownBy(() -> get("storeHosts", "localhost"))
        .isInstanceOf(RefusedUrlException.class)
        .hasMessageContaining("'storeHosts'");
  }

  @Test
  void redirectsWithoutEnd() throws Exception {
    serve(false, first(redirect(302, "/f?sig=canary")));
    assertThatThrownBy(this::get)
        .isInstanceOf(RefusedUrlException.class)
        .hasMessageContaining("more than 5 times");
    assertThat(targets).filteredOn(line -> line.startsWith("GET ")).hasSize(6);
  }
}
