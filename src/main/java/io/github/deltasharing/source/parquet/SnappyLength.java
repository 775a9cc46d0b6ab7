/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.parquet;

/** How long a block of Snappy says that it is when decompressed. Stateless. */
public final class SnappyLength {
  private static final int MOST_BYTES = 5;

  private SnappyLength() {}

  /**
   * The length that a block begins with, seven bits a byte.
   *
   * @param block its first five bytes, or more
   * @return negative if it has none
   */
  public static long of(byte[] block) {
    long length = 0;
    for (int i = 0; i < Math.min(MOST_BYTES, block.length); i++) {
      length |= (block[i] & 0x7fL) << (7 * i);
      if (block[i] >= 0) {
        return length;
      }
    }
    return -1;
  }
}
