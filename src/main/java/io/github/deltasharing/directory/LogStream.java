/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import java.io.IOException;
import java.io.InputStream;

/**
 * A file of a log from its start to its end. A line that no commit has ends with an error: whoever
 * reads it holds a line in memory. Used by one thread.
 */
final class LogStream extends InputStream {
  private static final int LONGEST_LINE = 64 << 20;

  private final ObjectInput input;
  private final String path;
  private long position;
  private long line;

  LogStream(ObjectInput input, String path) throws IOException {
    this.input = input;
    this.path = path;
    // A file that is not there shows when it is opened.
    input.length();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position >= input.length()) {
      return -1;
    }
    int n = input.read(position, target, offset, length);
    for (int i = offset; i < offset + n; i++) {
      line = target[i] == '\n' ? 0 : line + 1;
      if (line > LONGEST_LINE) {
        throw new IOException(path + " has a line of more than " + (LONGEST_LINE >> 20) + " MiB");
      }
    }
    position += n;
    return n;
  }

  @Override
  public void close() {
    input.close();
  }
}
