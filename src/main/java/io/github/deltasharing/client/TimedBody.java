package io.github.deltasharing.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * An answer's body as a stream that never hangs: it waits for the next bytes no longer than a pause
 * allowed, and an interrupt ends the wait at once. {@link HttpResponse.BodyHandlers#ofInputStream}
 * does neither: a request's timeout ends with its headers (JDK-8208693), and a read of its stream
 * goes on waiting when interrupted.
 *
 * <p>Holds a bounded number of buffers: a slow reader slows down the sender. Read to its end, its
 * connection is kept for the next request; closed early, the connection is dropped. Had from a
 * {@link TimedResponse}. Read by one thread; closed by whoever got the response, from any thread.
 */
public final class TimedBody extends InputStream {
  private final BodyQueue queue;
  private List<ByteBuffer> batch = List.of();
  private int next;
  private ByteBuffer current = ByteBuffer.allocate(0);
  private boolean ended;

  TimedBody(BodyQueue queue) {
    this.queue = queue;
  }

  @Override
  public int read() throws IOException {
    return advance(true) ? current.get() & 0xff : -1;
  }

  /** Reads what is here, up to {@code length} bytes; waits where nothing is. */
  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!advance(true)) {
      return -1;
    }
    int done = 0;
    do {
      int n = Math.min(length - done, current.remaining());
      current.get(target, offset + done, n);
      done += n;
    } while (done < length && advance(false));
    return done;
  }

  @Override
  public long skip(long n) throws IOException {
    long left = n;
    while (left > 0 && advance(true)) {
      int part = (int) Math.min(left, current.remaining());
      current.position(current.position() + part);
      left -= part;
    }
    return Math.max(0, n - left);
  }

  /** How many bytes can be read without waiting. */
  @Override
  public int available() {
    long bytes = queue.isClosed() ? 0 : BodyQueue.bytes(batch) + queue.waiting();
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  /**
   * Whether the body ends here, which may take a moment to be told even when all of its bytes came.
   * Never fails: an end that does not come within {@code wait} is none.
   */
  public boolean endsWithin(Duration wait) {
    if (BodyQueue.bytes(batch) > 0) {
      return false;
    }
    try {
      return (ended || !take(queue.poll(wait))) && ended && queue.failure() == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What this body may take, to be narrowed before it is read. */
  Pace pace() {
    return queue.pace();
  }

  /** Drops what was not read, and the connection unless all of the body came. */
  @Override
  public void close() {
    queue.close();
  }

  /**
   * Moves to a buffer with bytes left. False at the end, and, unless it is to {@code wait}, where
   * the next bytes are not here yet.
   */
  private boolean advance(boolean wait) throws IOException {
    checkOpen();
    while (!current.hasRemaining()) {
      if (next < batch.size()) {
        current = batch.get(next++);
      } else if (ended || !take(wait ? queue.await() : queue.poll())) {
        if (wait) {
          checkOpen();
          checkFailure();
        }
        return false;
      }
    }
    return true;
  }

  /** Makes this the batch to read; false for none and for the end. */
  private boolean take(List<ByteBuffer> taken) {
    if (taken == null) {
      return false;
    }
    batch = taken;
    next = 0;
    ended = taken.isEmpty();
    return !ended;
  }

  private void checkOpen() throws IOException {
    if (queue.isClosed()) {
      throw new IOException("the stream was closed");
    }
  }

  private void checkFailure() throws IOException {
    Throwable failure = queue.failure();
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure != null) {
      throw new IOException(failure);
    }
  }
}
