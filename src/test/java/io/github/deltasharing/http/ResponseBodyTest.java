/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.Blocked;
import io.github.deltasharing.testing.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of any size and end: connections, memory, chunks. */
@Timeout(120)
@Tag("unit")
class ResponseBodyTest {
  private static final Duration END = Duration.ofSeconds(20);

  private static ResponseBody get(RawServer server, String... options) throws IOException {
    return HttpTransport.toServers(RangeClientTest.settings(options))
        .send(HttpRequest.get(HttpUrl.of(server.url())))
        .body();
  }

  @Test
  void closingEarlyDropsTheConnection() throws Exception {
    CountDownLatch dropped = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            (out, connection) -> {
              RawServer.head(out, "Content-Length: 1000000000");
              try {
                for (byte[] some = new byte[1 << 16]; ; ) {
                  out.write(some);
                }
              } catch (IOException e) {
                dropped.countDown();
                throw e;
              }
            })) {
      ResponseBody body = get(server);
      assertThat(body.readNBytes(100_000)).hasSize(100_000);
      assertThat(dropped.getCount()).isEqualTo(1);
      body.close();
      assertThat(dropped.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closingAStalledBodyDropsTheConnection() throws Exception {
    CountDownLatch dropped = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            (out, connection) -> {
              RawServer.head(out, "Content-Length: 10");
              out.write(1);
              try {
                assertThat(connection.getInputStream().read()).isEqualTo(-1);
              } catch (SocketException e) {
                // Reset: dropped with the rest of the body on its way.
              }
              dropped.countDown();
            })) {
      ResponseBody body = get(server);
      assertThat(body.read()).isEqualTo(1);
      body.close();
      assertThat(dropped.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 3_000_000})
  void readingToTheEndKeepsTheConnection(int length) throws Exception {
    try (RawServer server =
        new RawServer(
            (out, connection) -> {
              RawServer.head(out, "Content-Length: " + length);
              out.write(new byte[length]);
            })) {
      for (int i = 0; i < 5; i++) {
        ResponseBody body = get(server);
        assertThat(body.readAllBytes()).hasSize(length);
        assertThat(body.endsWithin(END)).isTrue();
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aSlowReaderSlowsTheSenderDown() throws Exception {
    int length = 100 << 20;
    AtomicLong sent = new AtomicLong();
    try (RawServer server =
            new RawServer(
                (out, connection) -> {
                  RawServer.head(out, "Content-Length: " + length);
                  byte[] some = new byte[1 << 16];
                  for (int at = 0; at < length; at += some.length) {
                    out.write(some);
                    sent.addAndGet(some.length);
                  }
                });
        ResponseBody body = get(server)) {
      assertThat(body.read()).isZero();
      long before;
      do {
        before = sent.get();
        Thread.sleep(500);
      } while (sent.get() != before);
      // The sockets' own buffers take some, too.
      assertThat(before).isBetween(1L, 25L << 20);
      body.skipNBytes(length - 1);
      assertThat(body.read()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void chunksOfAnySizeAreTheSameBytes(long seed) throws Exception {
    byte[] expected = new byte[1_000_000];
    new Random(seed).nextBytes(expected);
    try (RawServer server =
        new RawServer((out, connection) -> chunked(out, expected, new Random(seed)))) {
      for (int i = 0; i < 2; i++) {
        ResponseBody body = get(server);
        assertThat(body.readAllBytes()).isEqualTo(expected);
        assertThat(body.endsWithin(END)).isTrue();
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  private static void chunked(OutputStream out, byte[] bytes, Random random) throws IOException {
    RawServer.head(out, "Transfer-Encoding: chunked");
    for (int at = 0; at < bytes.length; ) {
      int n = 1 + random.nextInt(random.nextInt(4) == 0 ? 40_000 : 500);
      n = Math.min(n, bytes.length - at);
      out.write((Integer.toHexString(n) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(bytes, at, n);
      out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      at += n;
    }
    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void aConnectionThatDiesAtOnceStillGivesItsHeadersAndBytes() throws Exception {
    try (RawServer server =
        new RawServer(
            (out, connection) -> {
              RawServer.head(out, "Content-Length: 5000");
              out.write(new byte[1000]);
              throw new IOException("cut");
            })) {
      for (int i = 0; i < 300; i++) {
        try (ResponseBody body = get(server)) {
          assertThat(body.readNBytes(1000)).hasSize(1000);
          assertThatThrownBy(body::read).isInstanceOf(IOException.class);
        }
      }
    }
  }

  @Test
  void aPauseThatEndsInTimeIsNone() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            (out, connection) -> {
              RawServer.head(out, "Content-Length: 1");
              go.await();
              out.write(7);
            })) {
      ResponseBody body = get(server);
      try (Blocked reader = new Blocked(() -> assertThat(body.read()).isEqualTo(7))) {
        reader.awaitIn(ResponseBody.class);
        go.countDown();
        assertThat(reader.end(10).failure()).isNull();
      }
    }
  }

  @Test
  void aPauseThatIsTooLongIsATimeout() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            (out, connection) -> {
              RawServer.head(out, "Content-Length: 5");
              out.write(new byte[3]);
              over.await();
            })) {
      ResponseBody body = get(server, "timeout", "100ms");
      assertThat(body.readNBytes(3)).hasSize(3);
      assertThatThrownBy(body::read)
          .isExactlyInstanceOf(StalledException.class)
          .isInstanceOf(HttpTimeoutException.class)
          .satisfies(
              e ->
                  assertThat(Failures.reason((IOException) e))
                      .isEqualTo("the response stopped for longer than the option 'timeout'"));
      over.countDown();
    }
  }

  @Test
  void theEndIsMetOnlyWhereItIs() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            (out, connection) -> {
              RawServer.head(out, "Transfer-Encoding: chunked");
              out.write("3\r\nabc\r\n".getBytes(StandardCharsets.US_ASCII));
              go.await();
              out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            })) {
      ResponseBody early = get(server);
      assertThat(early.readNBytes(3)).hasSize(3);
      assertThat(early.endsWithin(Duration.ofMillis(1))).as("not told yet").isFalse();
      early.close();
      go.countDown();
      ResponseBody body = get(server);
      assertThat(body.read()).isEqualTo('a');
      assertThat(body.endsWithin(END)).as("more comes").isFalse();
      assertThat(body.readNBytes(1)).hasSize(1);
      assertThat(body.read()).isEqualTo(-1);
      assertThat(body.endsWithin(END)).isTrue();
      assertThatThrownBy(body::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
      assertThat(server.connections()).isEqualTo(2);
    }
  }
}
