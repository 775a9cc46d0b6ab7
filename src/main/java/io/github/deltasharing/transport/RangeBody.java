package io.github.deltasharing.transport;

import io.github.deltasharing.client.StalledException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * An answer's body. Read to its {@link #endsWithin end}, its connection is kept for the next
 * request; closed before, the connection is dropped. Read by one thread; closed from any.
 */
public final class RangeBody extends InputStream {
  private final Connection connection;
  private final InputStream bytes;
  private final IdleConnections idle;
  private volatile boolean closed;

  /**
   * @param idle gets the connection back; null where it does not stay open
   */
  RangeBody(Connection connection, InputStream bytes, IdleConnections idle) {
    this.connection = connection;
    this.bytes = bytes;
    this.idle = idle;
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
      throw new SlowException(connection.waited());
    } catch (SocketTimeoutException e) {
      throw new StalledException("no more of the body came in time");
    }
  }

  /** Waits no longer than this for the next bytes each time. */
  public void waitAtMost(Duration wait) {
    connection.waitAtMost(wait);
  }

  /**
   * Whether the body ends here, which may take a moment to be told even when all of its bytes came;
   * then the connection is kept, and this closed. Never fails: an end that does not come within
   * {@code wait} is none.
   */
  public boolean endsWithin(Duration wait) {
    connection.waitAtMost(wait);
    try {
      if (bytes.read() >= 0) {
        return false;
      }
    } catch (IOException e) {
      return false;
    }
    if (idle == null) {
      return false;
    }
    if (finish()) {
      idle.put(connection);
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
