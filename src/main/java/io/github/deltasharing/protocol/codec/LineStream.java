/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Knows whether the stream behind it has ended, and gives no more of one line than is allowed: what
 * reads JSON keeps a name or a number whole, however long. Used by one thread.
 */
final class LineStream extends FilterInputStream {
  private final long longestLine;
  private long left;
  private boolean ended;

  LineStream(InputStream in, long longestLine) {
    super(in);
    this.longestLine = longestLine;
    this.left = longestLine;
  }

  /** A line goes on and on. */
  static final class LineTooLongException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  boolean ended() {
    return ended;
  }

  /** A line was read; some of the next one may have been given already. */
  void nextLine() {
    left = longestLine;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    ended |= b < 0;
    count(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int n = super.read(target, offset, length);
    ended |= n < 0;
    count(Math.max(n, 0));
    return n;
  }

  private void count(int bytes) throws LineTooLongException {
    left -= bytes;
    if (left < 0) {
      throw new LineTooLongException();
    }
  }
}
