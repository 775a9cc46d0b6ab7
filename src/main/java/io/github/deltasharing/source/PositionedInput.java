/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

import java.io.Closeable;
import java.io.IOException;

/** An open file of which any part can be read. Used by one thread; whoever opened it closes it. */
public interface PositionedInput extends Closeable {
  /** The file's size in bytes. */
  long length() throws IOException;

  /**
   * Reads a part of the file whole.
   *
   * @throws java.io.EOFException if it goes beyond the file's end
   */
  void readFully(long position, byte[] target, int offset, int length) throws IOException;
}
