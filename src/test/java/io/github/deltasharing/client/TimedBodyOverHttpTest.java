package io.github.deltasharing.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
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

/** {@link TimedBody} behind the JDK's client: connections, memory, chunks. */
@Timeout(120)
@Tag("unit")
class TimedBodyOverHttpTest {
  private final HttpClient http = HttpClients.of(ClientFixture.conf().http());

  private TimedBody get(RawServer server) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(server.url())).build();
    return TimedResponse.send(http, request, Duration.ofSeconds(30)).body();
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
      TimedBody body = get(server);
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
              if (connection.getInputStream().read() < 0) {
                dropped.countDown();
              }
            })) {
      TimedBody body = get(server);
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
        try (TimedBody body = get(server)) {
          assertThat(body.readAllBytes()).hasSize(length);
        }
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
        TimedBody body = get(server)) {
      assertThat(body.read()).isZero();
      long before;
      do {
        before = sent.get();
        Thread.sleep(500);
      } while (sent.get() != before);
      // The sockets' own buffers take some, too.
      assertThat(before).isBetween(1L, 25L << 20);
      assertThat(body.available())
          .isLessThanOrEqualTo(BodyQueue.WINDOW * 3 * HttpClients.BUFFER_BYTES);
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
        try (TimedBody body = get(server)) {
          assertThat(body.readAllBytes()).isEqualTo(expected);
        }
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
        try (TimedBody body = get(server)) {
          assertThat(body.readNBytes(1000)).hasSize(1000);
          assertThatThrownBy(body::read).isInstanceOf(IOException.class);
        }
      }
    }
  }
}
