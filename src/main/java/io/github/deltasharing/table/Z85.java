/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Z85, the text encoding of inline deletion vectors (ZeroMQ RFC 32): five characters for four
 * bytes. Writers pad bytes that are no multiple of four: Delta Lake with zeros behind them, before
 * it encodes; delta-kernel-rs with a {@code #} in the last block for each byte that it has less.
 */
final class Z85 {
  private static final String ALPHABET =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
  private static final int BLOCK_CHARS = 5;
  private static final int BLOCK_BYTES = 4;
  private static final char PADDING = '#';
  private static final int[] VALUES = new int[128];

  static {
    Arrays.fill(VALUES, -1);
    for (int i = 0; i < ALPHABET.length(); i++) {
      VALUES[ALPHABET.charAt(i)] = i;
    }
  }

  private Z85() {}

  /** Encodes bytes, with zeros behind them up to a multiple of four. */
  static String encode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(bytes, (bytes.length + 3) / 4 * 4));
    StringBuilder text = new StringBuilder(in.remaining() / BLOCK_BYTES * BLOCK_CHARS);
    while (in.hasRemaining()) {
      long block = in.getInt() & 0xffffffffL;
      for (long unit = 52_200_625; unit > 0; unit /= 85) {
        text.append(ALPHABET.charAt((int) (block / unit % 85)));
      }
    }
    return text.toString();
  }

  /**
   * Decodes {@code text}; its writer may have padded it with zeros, so the result may be up to
   * three bytes too long.
   *
   * @throws IllegalArgumentException if it is not Z85
   */
  static byte[] decode(String text) {
    if (text.length() % BLOCK_CHARS != 0) {
      throw new IllegalArgumentException("its length is no multiple of 5");
    }
    int last = text.length() - BLOCK_CHARS;
    int missing = last < 0 ? 0 : missingBytes(text, last);
    ByteBuffer out = ByteBuffer.allocate(text.length() / BLOCK_CHARS * BLOCK_BYTES - missing);
    for (int i = 0; i < last; i += BLOCK_CHARS) {
      out.putInt((int) block(text, i, 0));
    }
    if (last >= 0) {
      long block = block(text, last, missing);
      for (int i = BLOCK_BYTES - 1 - missing; i >= 0; i--) {
        out.put((byte) (block >>> (8 * i)));
      }
    }
    return out.array();
  }

  /** No block starts with {@code #} but a padded one: it would be above 32 bits. */
  private static int missingBytes(String text, int from) {
    int count = 0;
    while (count < BLOCK_BYTES && text.charAt(from + count) == PADDING) {
      count++;
    }
    return count < BLOCK_BYTES ? count : 0;
  }

  private static long block(String text, int from, int padding) {
    long block = 0;
    for (int i = padding; i < BLOCK_CHARS; i++) {
      char c = text.charAt(from + i);
      int value = c < VALUES.length ? VALUES[c] : -1;
      if (value < 0) {
        throw new IllegalArgumentException("it holds a character that is not Z85");
      }
      block = block * 85 + value;
    }
    if (block > 0xffffffffL >>> (8 * padding)) {
      throw new IllegalArgumentException("a block of it is out of range");
    }
    return block;
  }
}
