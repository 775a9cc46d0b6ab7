/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A response's body, read from the socket by the thread that reads it: no wait is longer than the
 * option {@code timeout}, the sum of all waits is limited ({@link Pace}), and an interrupt ends a
 * wait at once. Once it is read to its {@link #endsWithin end}, its connection returns to the pool;
 * if it is closed before, the connection is dropped. Driver and executors; read by one thread;
 * closed by the caller, from any thread.
 */
public final class ResponseBody extends InputStream {
  private final HttpConnection connection;
  private final InputStream bytes;
  private final ConnectionPool pool;
  private volatile boolean closed;

  /**
   * @param pool takes the connection back; null if it cannot be reused
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
   * Reads what has arrived, up to {@code length} bytes; waits if nothing has.
   *
   * @throws StalledException if nothing arrives in time
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

  /** Limits all waiting to what any body is granted, for a body that is small by its nature. */
  public void bounded() {
    connection.pace().bounded();
  }

  /** Limits all further waiting to this. */
  public void waitAtMost(Duration wait) {
    connection.pace().atMost(wait);
  }

  /**
   * Whether the body ends here; its end mark may follow the last byte a moment later. If so, the
   * connection returns to the pool, and this is closed. Never throws: false if the end does not
   * arrive within {@code wait}.
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
