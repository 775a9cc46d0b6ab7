package io.github.deltasharing.table;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Z85, the text encoding of inline deletion vectors (ZeroMQ RFC 32): five characters for four
 * bytes.
 */
final class Z85 {
  private static final String ALPHABET =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
  private static final int[] VALUES = new int[128];

  static {
    Arrays.fill(VALUES, -1);
    for (int i = 0; i < ALPHABET.length(); i++) {
      VALUES[ALPHABET.charAt(i)] = i;
    }
  }

  private Z85() {}

  /**
   * Decodes {@code text}; its writer may have padded it, so the result may be up to three bytes too
   * long.
   *
   * @throws IllegalArgumentException if it is not Z85
   */
  static byte[] decode(String text) {
    if (text.length() % 5 != 0) {
      throw new IllegalArgumentException("its length is no multiple of 5");
    }
    ByteBuffer out = ByteBuffer.allocate(text.length() / 5 * 4);
    for (int i = 0; i < text.length(); i += 5) {
      long block = 0;
      for (int j = 0; j < 5; j++) {
        char c = text.charAt(i + j);
        int value = c < VALUES.length ? VALUES[c] : -1;
        if (value < 0) {
          throw new IllegalArgumentException("it holds a character that is not Z85");
        }
        block = block * 85 + value;
      }
      if (block > 0xffffffffL) {
        throw new IllegalArgumentException("a block of it is out of range");
      }
      out.putInt((int) block);
    }
    return out.array();
  }
}
