package io.github.deltasharing.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A response's body, read from the socket by the thread that reads it: no wait is longer than the
 * option {@code timeout}, waits are limited in all ({@link Pace}), and an interrupt ends one at
 * once. Read to its {@link #endsWithin end}, its connection is kept for the next request; closed
 * before, the connection is dropped. Read by one thread; closed from any.
 */
public final class ResponseBody extends InputStream {
  private final HttpConnection connection;
  private final InputStream bytes;
  private final ConnectionPool pool;
  private volatile boolean closed;

  /**
   * @param pool gets the connection back; null where it does not stay open
   */
  ResponseBody(HttpConnection connection, InputStream bytes, ConnectionPool pool) {
    this.connection = connection;
    this.bytes = bytes;
    this.pool = pool;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * Reads what is here, up to {@code length} bytes; waits where nothing is.
   *
   * @throws StalledException if nothing comes in time
   */
  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("the body was closed");
    }
    try {
      return bytes.read(target, offset, length);
    } catch (Pace.TooSlow e) {
      throw connection.pace().slow();
    } catch (SocketTimeoutException e) {
      throw new StalledException("no more of the body came in time");
    }
  }

  /** It is small by its nature: to be whole within the waiting that any body is granted. */
  public void bounded() {
    connection.pace().bounded();
  }

  /** Waits no longer than this in all from now on: the rest is not worth more. */
  public void waitAtMost(Duration wait) {
    connection.pace().atMost(wait);
  }

  /**
   * Whether the body ends here, whose mark may follow its last byte a moment later; then the
   * connection goes back to the pool, and this is closed. Never fails: an end that does not come
   * within {@code wait} is none.
   */
  public boolean endsWithin(Duration wait) {
    if (closed) {
      return false;
    }
    waitAtMost(wait);
    try {
      if (bytes.read() >= 0) {
        return false;
      }
    } catch (IOException e) {
      return false;
    }
    if (pool == null) {
      return false;
    }
    if (finish()) {
      pool.put(connection);
    }
    return true;
  }

  /** False if it is closed already. */
  private synchronized boolean finish() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  @Override
  public void close() {
    if (finish()) {
      connection.drop();
    }
  }
}
