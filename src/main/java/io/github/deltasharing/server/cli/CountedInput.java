/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Tells how many bytes were read of a stream. Used by one thread; its user closes it. */
final class CountedInput extends FilterInputStream {
  private final LongConsumer counter;
  private long bytes;

  CountedInput(InputStream in, LongConsumer counter) {
    super(in);
    this.counter = counter;
  }

  private int count(int read) {
    if (read > 0) {
      bytes += read;
      counter.accept(bytes);
    }
    return read;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    count(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(byte[] buffer, int from, int length) throws IOException {
    return count(super.read(buffer, from, length));
  }
}
