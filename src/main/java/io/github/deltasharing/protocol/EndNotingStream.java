package io.github.deltasharing.protocol;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Knows whether the stream behind it has ended. Used by one thread. */
final class EndNotingStream extends FilterInputStream {
  private boolean ended;

  EndNotingStream(InputStream in) {
    super(in);
  }

  boolean ended() {
    return ended;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    ended |= b < 0;
    return b;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int n = super.read(target, offset, length);
    ended |= n < 0;
    return n;
  }
}
