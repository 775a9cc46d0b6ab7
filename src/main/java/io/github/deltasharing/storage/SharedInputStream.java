/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import java.io.EOFException;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileSystem;

/**
 * Hadoop's view of a {@link PrimedFile}: seekable, unbuffered (what is below keeps what it
 * fetched). Closing it leaves the file open: its owner closes that. Used by one thread.
 */
final class SharedInputStream extends FSInputStream {
  private final PrimedFile file;
  private final FileSystem.Statistics statistics;
  private long position;

  SharedInputStream(PrimedFile file, FileSystem.Statistics statistics) {
    this.file = file;
    this.statistics = statistics;
  }

  @Override
  public void seek(long target) throws EOFException {
    if (target < 0 || target > file.file().size()) {
      throw new EOFException("position " + target + " is outside of " + file.file());
    }
    position = target;
  }

  @Override
  public long getPos() {
    return position;
  }

  @Override
  public boolean seekToNewSource(long target) {
    return false;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    int n = file.read(position, buffer, offset, length);
    if (n > 0) {
      position += n;
      if (statistics != null) {
        statistics.incrementBytesRead(n);
      }
    }
    return n;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, file.file().size() - position);
  }
}
