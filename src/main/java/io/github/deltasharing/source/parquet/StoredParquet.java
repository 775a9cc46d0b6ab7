/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.parquet;

import io.github.deltasharing.source.PositionedInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A Parquet file in a table's store. The footer comes with one read of the file's end, column
 * chunks with one read each time Parquet's reader wants many bytes. Used by one thread; closing the
 * stream closes the file.
 */
public final class StoredParquet implements InputFile {
  private static final int BLOCK = 64 << 10;

  private final PositionedInput file;

  public StoredParquet(PositionedInput file) {
    this.file = file;
  }

  @Override
  public long getLength() throws IOException {
    return file.length();
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    Position position = new Position(file);
    return new DelegatingSeekableInputStream(position) {
      @Override
      public long getPos() {
        return position.next;
      }

      @Override
      public void seek(long target) {
        position.next = target;
      }
    };
  }

  /** Reads from a place that can be moved; few bytes at a time come from a block that is kept. */
  private static final class Position extends InputStream {
    private final PositionedInput file;
    private final long length;
    private byte[] block = {};
    private long blockStart;
    private long next;

    Position(PositionedInput file) throws IOException {
      this.file = file;
      this.length = file.length();
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
      if (next < 0) {
        throw new EOFException("before the start of the file");
      }
      int available = (int) Math.min(count, length - next);
      if (available <= 0) {
        return -1;
      }
      boolean kept = next >= blockStart && next < blockStart + block.length;
      if (!kept && available >= BLOCK) {
        file.readFully(next, target, offset, available);
        next += available;
        return available;
      }
      if (!kept) {
        load();
      }
      int from = (int) (next - blockStart);
      int copied = Math.min(available, block.length - from);
      System.arraycopy(block, from, target, offset, copied);
      next += copied;
      return copied;
    }

    /** The block from here on; near the file's end the one that ends with it. */
    private void load() throws IOException {
      long start = Math.max(0, Math.min(next, length - BLOCK));
      byte[] loaded = new byte[(int) Math.min(BLOCK, length - start)];
      file.readFully(start, loaded, 0, loaded.length);
      block = loaded;
      blockStart = start;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
