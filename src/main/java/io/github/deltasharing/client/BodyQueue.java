package io.github.deltasharing.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The buffers of a body between the HTTP client, which fills it from its threads, and the one
 * thread that reads a {@link TimedBody}. Bounded: no more is asked for than {@link #WINDOW} batches
 * ahead of the reader.
 */
final class BodyQueue implements Flow.Subscriber<List<ByteBuffer>> {
  /** Batches asked for in advance. The JDK reads a socket into at most 3 buffers at a time. */
  static final int WINDOW = 8;

  private final Pace pace;

  /** What came and was not taken; an empty batch marks the end. */
  private final BlockingQueue<List<ByteBuffer>> received = new LinkedBlockingQueue<>();

  private volatile Flow.Subscription subscription;
  private volatile Throwable failure;
  private volatile boolean closed;

  /** The reader's own: batches taken since more were asked for. */
  private int taken;

  BodyQueue(Pace pace) {
    this.pace = pace;
  }

  // The HTTP client's side.

  @Override
  public void onSubscribe(Flow.Subscription s) {
    subscription = s;
    // Called by a thread of the client, perhaps later than the reader closed the body.
    if (closed) {
      s.cancel();
    } else {
      s.request(WINDOW);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (bytes(buffers) == 0) {
      subscription.request(1);
    } else if (!closed) {
      received.add(buffers);
    }
  }

  @Override
  public void onError(Throwable problem) {
    failure = problem;
    received.add(List.of());
  }

  @Override
  public void onComplete() {
    received.add(List.of());
  }

  // The reader's side.

  /** The next batch, empty at the end; null where it is not here yet. */
  List<ByteBuffer> poll() {
    return taken(received.poll());
  }

  /** The next batch, empty at the end; null where it does not come in time. */
  List<ByteBuffer> poll(Duration wait) throws InterruptedException {
    return taken(received.poll(wait.toMillis(), TimeUnit.MILLISECONDS));
  }

  /**
   * The next batch, empty at the end. Waits for it.
   *
   * @throws StalledException if it does not come within the pause allowed, or too little comes
   * @throws InterruptedIOException if interrupted; the flag is set again
   */
  List<ByteBuffer> await() throws IOException {
    List<ByteBuffer> here = received.poll();
    try {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (here != null) {
        return taken(here);
      }
      long start = System.nanoTime();
      List<ByteBuffer> batch = taken(received.poll(pace.longestWaitNanos(), TimeUnit.NANOSECONDS));
      pace.waited(System.nanoTime() - start, batch != null);
      return batch;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for more of the body");
    }
  }

  private List<ByteBuffer> taken(List<ByteBuffer> batch) {
    if (batch != null) {
      pace.came(bytes(batch));
    }
    if (batch != null && !batch.isEmpty() && ++taken == WINDOW / 2) {
      taken = 0;
      subscription.request(WINDOW / 2);
    }
    return batch;
  }

  Pace pace() {
    return pace;
  }

  /** Bytes that came and were not taken. */
  long waiting() {
    long bytes = 0;
    for (List<ByteBuffer> batch : received) {
      bytes += bytes(batch);
    }
    return bytes;
  }

  /** Why the body ended before its end, or null. */
  Throwable failure() {
    return failure;
  }

  /** Drops what is here and, unless all of the body came, the connection. Wakes the reader. */
  void close() {
    closed = true;
    Flow.Subscription s = subscription;
    if (s != null) {
      s.cancel();
    }
    received.clear();
    received.add(List.of());
  }

  boolean isClosed() {
    return closed;
  }

  static long bytes(List<ByteBuffer> buffers) {
    long bytes = 0;
    for (ByteBuffer buffer : buffers) {
      bytes += buffer.remaining();
    }
    return bytes;
  }
}
