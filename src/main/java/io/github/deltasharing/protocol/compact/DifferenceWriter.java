/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.compact;

import java.util.Arrays;

/** Writes the format that {@link PackedText} reads. Not thread-safe. */
final class DifferenceWriter {
  /** Letters and digits; all that is not ASCII is taken for letters. */
  private static final boolean[] WORD = new boolean[1 << Byte.SIZE];

  /** All but what separates the fields of a URL or of JSON. */
  private static final boolean[] FIELD = new boolean[1 << Byte.SIZE];

  private static final byte[] DIGIT = new byte[1 << Byte.SIZE];

  static {
    for (int c = 0; c < WORD.length; c++) {
      WORD[c] = c >= 1 << (Byte.SIZE - 1) || Character.isLetterOrDigit(c);
      FIELD[c] = "/?&=,\"{}[]".indexOf(c) < 0;
      DIGIT[c] = (byte) "0123456789abcdef".indexOf(c);
    }
  }

  private byte[] out = new byte[1 << 10];
  private int size;

  /** Null if it is not shorter than {@code most}. */
  byte[] difference(byte[] base, byte[] text, int most) {
    size = 0;
    number(text.length);
    int from = 0;
    int to = 0;
    while (to < text.length && size < most) {
      int same = Arrays.mismatch(base, from, base.length, text, to, text.length);
      same = same < 0 ? text.length - to : same;
      number(same);
      from += same;
      to += same;
      if (to < text.length) {
        int fromEnd = end(WORD, base, from);
        int toEnd = from == base.length ? text.length : end(WORD, text, to);
        if (!meet(base, fromEnd, text, toEnd)) {
          // Another count of words: what follows has to be at the same position in both.
          fromEnd = end(FIELD, base, fromEnd);
          toEnd = end(FIELD, text, toEnd);
        }
        if (fromEnd == from && toEnd == to) {
          fromEnd++;
          toEnd++;
        }
        literal(text, to, toEnd - to, fromEnd - from);
        from = fromEnd;
        to = toEnd;
      }
    }
    return size < most ? Arrays.copyOf(out, size) : null;
  }

  private static boolean meet(byte[] base, int fromEnd, byte[] text, int toEnd) {
    return fromEnd < base.length && toEnd < text.length
        ? base[fromEnd] == text[toEnd]
        : fromEnd - base.length == toEnd - text.length;
  }

  private static int end(boolean[] kind, byte[] text, int at) {
    int end = at;
    while (end < text.length && kind[text[end] & 0xff]) {
      end++;
    }
    return end;
  }

  private void literal(byte[] text, int at, int length, int instead) {
    boolean hex = isHex(text, at, length);
    int flags = (hex ? PackedText.HEX : 0) + (length == instead ? PackedText.SAME_LENGTH : 0);
    number(length << PackedText.FLAG_BITS | flags);
    if (length != instead) {
      number(instead);
    }
    ensure(length);
    if (hex) {
      for (int i = 0; i < length; i += 2) {
        int low = i + 1 < length ? digit(text[at + i + 1]) : 0;
        out[size++] = (byte) (digit(text[at + i]) << 4 | low);
      }
    } else {
      System.arraycopy(text, at, out, size, length);
      size += length;
    }
  }

  private static boolean isHex(byte[] text, int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (digit(text[i]) < 0) {
        return false;
      }
    }
    return true;
  }

  private static int digit(byte c) {
    return DIGIT[c & 0xff];
  }

  private void number(int value) {
    ensure(Integer.BYTES + 1);
    int rest = value;
    while (rest > 0x7f) {
      out[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[size++] = (byte) rest;
  }

  private void ensure(int more) {
    if (size + more > out.length) {
      out = Arrays.copyOf(out, Math.max(2 * out.length, size + more));
    }
  }
}
