package io.github.deltasharing.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.Blocked;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link TimedBody} without HTTP: the test is the publisher. */
@Timeout(60)
@Tag("unit")
class TimedBodyTest {
  private final AtomicLong demand = new AtomicLong();
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private BodyQueue receiver;

  private TimedBody body(Duration pause) {
    receiver = new BodyQueue(Pace.of(pause));
    receiver.onSubscribe(subscription());
    return new TimedBody(receiver);
  }

  private TimedBody body() {
    return body(Duration.ofSeconds(30));
  }

  private Flow.Subscription subscription() {
    return new Flow.Subscription() {
      @Override
      public void request(long n) {
        demand.addAndGet(n);
      }

      @Override
      public void cancel() {
        cancelled.set(true);
      }
    };
  }

  private void send(byte[]... buffers) {
    List<ByteBuffer> list = new ArrayList<>();
    for (byte[] buffer : buffers) {
      list.add(ByteBuffer.wrap(buffer).asReadOnlyBuffer());
    }
    assertThat(demand.getAndDecrement()).as("asked for").isPositive();
    receiver.onNext(list);
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void chunksOfAnySizeReadInAnyWayAreTheSameBytes(long seed) throws Exception {
    Random random = new Random(seed);
    byte[] expected = bytes(random, 300_000);
    TimedBody body = body();
    Thread publisher = new Thread(() -> publish(expected, new Random(seed + 100)));
    publisher.start();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] buffer = new byte[5000];
    while (read.size() < expected.length) {
      int at = read.size();
      int available = body.available();
      switch (random.nextInt(3)) {
        case 0 -> read.write(body.read());
        case 1 -> {
          long skipped = body.skip(random.nextInt(3000));
          read.write(expected, at, (int) skipped);
        }
        default -> {
          int offset = random.nextInt(1000);
          int length = random.nextInt(4000) + 1;
          int n = body.read(buffer, offset, length);
          assertThat(n).isBetween(Math.min(available, length), length).isPositive();
          read.write(buffer, offset, n);
        }
      }
    }
    assertThat(read.toByteArray()).isEqualTo(expected);
    assertThat(body.read()).isEqualTo(-1);
    assertThat(body.read(buffer)).isEqualTo(-1);
    assertThat(body.skip(1)).isZero();
    assertThat(body.available()).isZero();
    publisher.join();
  }

  /** Sends no more than was asked for, in batches of buffers of which some are empty. */
  private void publish(byte[] bytes, Random random) {
    int at = 0;
    while (at < bytes.length) {
      if (demand.get() == 0) {
        Thread.onSpinWait();
        continue;
      }
      List<ByteBuffer> batch = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        int n = Math.min(bytes.length - at, random.nextInt(random.nextBoolean() ? 3 : 5000));
        batch.add(ByteBuffer.wrap(bytes, at, n).slice());
        at += n;
      }
      demand.decrementAndGet();
      receiver.onNext(batch);
    }
    receiver.onComplete();
  }

  @Test
  void aReaderThatDoesNotReadIsSentNoMoreThanTheWindow() throws Exception {
    TimedBody body = body();
    assertThat(demand).hasValue(BodyQueue.WINDOW);
    while (demand.get() > 0) {
      send(new byte[10]);
    }
    assertThat(body.available()).isEqualTo(10 * BodyQueue.WINDOW);
    body.skipNBytes(10 * BodyQueue.WINDOW);
    assertThat(demand).hasValue(BodyQueue.WINDOW);
  }

  @Test
  void availableCountsWhatIsHereAndNoMore() throws Exception {
    TimedBody body = body();
    assertThat(body.available()).isZero();
    send(new byte[3], new byte[4]);
    send(new byte[5]);
    assertThat(body.available()).isEqualTo(12);
    body.read();
    assertThat(body.available()).isEqualTo(11);
    assertThat(body.read(new byte[100])).isEqualTo(11);
    assertThat(body.read(new byte[0])).isZero();
    assertThat(body.available()).isZero();
  }

  @Test
  void aPauseThatIsTooLongIsATimeout() throws Exception {
    TimedBody body = body(Duration.ofMillis(50));
    send(new byte[3]);
    assertThat(body.readNBytes(3)).hasSize(3);
    assertThatThrownBy(body::read)
        .isInstanceOf(StalledException.class)
        .isInstanceOf(HttpTimeoutException.class)
        .satisfies(
            e ->
                assertThat(Failures.reason((IOException) e))
                    .isEqualTo("the answer stopped for longer than the option 'timeout'"));
  }

  @Test
  void aPauseThatEndsInTimeIsNone() throws Exception {
    TimedBody body = body(Duration.ofSeconds(20));
    try (Blocked reader = new Blocked(() -> assertThat(body.read()).isEqualTo(7))) {
      reader.awaitIn(TimedBody.class);
      send(new byte[] {7});
      assertThat(reader.end(10).failure()).isNull();
    }
  }

  @Test
  void anInterruptEndsTheWaitAndIsKept() throws Exception {
    TimedBody body = body();
    try (Blocked reader = new Blocked(body::read)) {
      Blocked.End end = reader.awaitIn(TimedBody.class).interrupt().end(1);
      assertThat(end.failure()).isExactlyInstanceOf(InterruptedIOException.class);
      assertThat(end.interrupted()).as("interrupt flag").isTrue();
    }
  }

  @Test
  void aFailureComesAfterTheBytesBeforeIt() throws Exception {
    TimedBody body = body();
    IOException cut = new IOException("cut");
    send(new byte[3]);
    receiver.onError(cut);
    assertThat(body.read(new byte[10])).isEqualTo(3);
    assertThatThrownBy(body::read).isSameAs(cut);
    assertThatThrownBy(() -> body.read(new byte[1])).isSameAs(cut);
    assertThat(body.endsWithin(Duration.ZERO)).isFalse();
  }

  @Test
  void aFailureThatIsNoIoExceptionBecomesOne() {
    TimedBody body = body();
    receiver.onError(new IllegalStateException("bug"));
    assertThatThrownBy(body::read)
        .isExactlyInstanceOf(IOException.class)
        .hasCauseExactlyInstanceOf(IllegalStateException.class);
  }

  @Test
  void closingEarlyCancelsAndDropsWhatIsHere() throws Exception {
    TimedBody body = body();
    send(new byte[3]);
    body.close();
    assertThat(cancelled).isTrue();
    assertThat(body.available()).isZero();
    assertThatThrownBy(body::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
  }

  @Test
  void closingWakesAReader() throws Exception {
    TimedBody body = body();
    try (Blocked reader = new Blocked(body::read)) {
      reader.awaitIn(TimedBody.class);
      body.close();
      assertThat(reader.end(5).failure()).hasMessageContaining("closed");
    }
  }

  @Test
  void aBodyClosedBeforeItBeginsIsCancelledAsItDoes() {
    receiver = new BodyQueue(Pace.of(Duration.ofSeconds(1)));
    new TimedBody(receiver).close();
    receiver.onSubscribe(subscription());
    assertThat(cancelled).isTrue();
    assertThat(demand).hasValue(0);
  }

  @Test
  void theEndIsMetOnlyWhereItIs() throws Exception {
    TimedBody body = body();
    assertThat(body.endsWithin(Duration.ZERO)).isFalse();
    send(new byte[3]);
    assertThat(body.endsWithin(Duration.ofSeconds(20))).isFalse();
    assertThat(body.readNBytes(3)).hasSize(3);
    receiver.onComplete();
    assertThat(body.endsWithin(Duration.ofSeconds(20))).isTrue();
    assertThat(body.endsWithin(Duration.ZERO)).isTrue();
    assertThat(body.read()).isEqualTo(-1);
  }
}
