/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.PositionedInput;
import java.io.EOFException;
import java.io.IOException;
import org.apache.iceberg.io.SeekableInputStream;

/** A file of a store, read in blocks. Used by one thread, which closes it. */
final class BlockInput extends SeekableInputStream {
  private static final int BLOCK = 1 << 20;

  private final PositionedInput file;
  private final long length;
  private byte[] block = {};
  private long blockStart;
  private long next;

  BlockInput(PositionedInput file) throws IOException {
    this.file = file;
    this.length = file.length();
  }

  @Override
  public long getPos() {
    return next;
  }

  @Override
  public void seek(long position) throws IOException {
    if (position < 0) {
      throw new EOFException("before the start of the file");
    }
    next = position;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (next >= length) {
      return -1;
    }
    if (next < blockStart || next >= blockStart + block.length) {
      byte[] loaded = new byte[(int) Math.min(BLOCK, length - next)];
      file.readFully(next, loaded, 0, loaded.length);
      block = loaded;
      blockStart = next;
    }
    int from = (int) (next - blockStart);
    int copied = Math.min(count, block.length - from);
    System.arraycopy(block, from, target, offset, copied);
    next += copied;
    return copied;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
