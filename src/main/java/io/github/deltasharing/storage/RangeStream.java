/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import java.util.Arrays;

/**
 * Bytes {@code [position, end)} of a file, in their order. Used by one thread; closing it early
 * drops the rest.
 */
public interface RangeStream extends AutoCloseable {
  /** Where the next byte is from. */
  long position();

  /** Behind the last byte. */
  long end();

  /**
   * Reads exactly {@code length} bytes, all of them before {@link #end()}.
   *
   * @throws io.github.deltasharing.error.SharingException if they cannot be had
   */
  void readFully(byte[] buffer, int offset, int length);

  /** The next {@code length} bytes. */
  default byte[] readFully(int length) {
    // A length that is only claimed is to cost no memory before its bytes come. Small files and
    // tails are no longer than what is allocated at once.
    byte[] bytes = new byte[Math.min(length, 1 << 20)];
    for (int done = 0; done < length; done = bytes.length) {
      if (done > 0) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * done));
      }
      readFully(bytes, done, bytes.length - done);
    }
    return bytes;
  }

  /** Drops {@code n} bytes. */
  default void skip(long n) {
    byte[] sink = new byte[(int) Math.min(n, 1 << 13)];
    long left = n;
    while (left > 0) {
      int part = (int) Math.min(left, sink.length);
      readFully(sink, 0, part);
      left -= part;
    }
  }

  @Override
  void close();
}
