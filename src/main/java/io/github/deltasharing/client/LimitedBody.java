/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A decoded body with a limit of its length. Driver only; used by one thread. */
final class LimitedBody extends FilterInputStream {
  private final long most;
  private long bytes;

  LimitedBody(InputStream in, long most) {
    super(in);
    this.most = most;
  }

  /** The body is longer than the limit. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(long most) {
      super("the response is longer than " + most + " bytes");
    }
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    count(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int n = super.read(target, offset, length);
    count(n);
    return n;
  }

  private void count(int n) throws TooLongException {
    bytes += Math.max(n, 0);
    if (bytes > most) {
      throw new TooLongException(most);
    }
  }
}
