/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.compact;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A text that is stored as its difference from another one: signed URLs of one response, and
 * statistics, are for the most part alike. May be a secret, and never prints. A class, not a
 * record, so that Kryo and Java serialise it alike; both write a base that several texts of one
 * object graph share once. Immutable; made by {@link TextPacker}.
 *
 * <p>The difference is the length of the text, and then by turns: how many bytes of the base come
 * next, and a literal that replaces some bytes of the base. Numbers are of variable length. A
 * literal begins with its length times four, plus 2 if it is of hexadecimal digits, two a byte,
 * plus 1 if it replaces as many bytes as it has; if not, their number follows.
 */
public final class PackedText implements Serializable {
  private static final long serialVersionUID = 1L;

  static final int HEX = 2;
  static final int SAME_LENGTH = 1;
  static final int FLAG_BITS = 2;

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final byte[] base;
  private final byte[] difference;

  /**
   * @param base may be shared; UTF-8, as the text is
   * @param difference null where the base is the text
   */
  PackedText(byte[] base, byte[] difference) {
    this.base = base;
    this.difference = difference;
  }

  /** A text for itself. What is no Unicode in it is lost: see {@link #ofUnicode}. */
  public static PackedText of(String text) {
    return new PackedText(text.getBytes(StandardCharsets.UTF_8), null);
  }

  /** Null for a text that would not come out as it went in: with half a surrogate pair. */
  public static PackedText ofUnicode(String text) {
    PackedText packed = of(text);
    return packed.text().equals(text) ? packed : null;
  }

  /** The text. */
  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /** The text in UTF-8; not to be changed. */
  public byte[] bytes() {
    return difference == null ? base : apply(base, 0, difference, 0, difference.length);
  }

  /** Bytes that are its own, not shared. */
  int ownBytes() {
    return difference == null ? base.length : difference.length;
  }

  /** The text of a difference from a base, each a part of the bytes given. */
  static byte[] apply(byte[] bases, int baseAt, byte[] differences, int from, int to) {
    return new Reader(bases, baseAt, differences, from, to).bytes();
  }

  byte[] base() {
    return base;
  }

  /** Null where the base is the text. */
  byte[] difference() {
    return difference;
  }

  private static final class Reader {
    private final byte[] base;
    private final int baseAt;
    private final byte[] difference;
    private final int end;
    private int at;

    Reader(byte[] base, int baseAt, byte[] difference, int at, int end) {
      this.base = base;
      this.baseAt = baseAt;
      this.difference = difference;
      this.at = at;
      this.end = end;
    }

    private int number() {
      int value = 0;
      int shift = 0;
      byte next = difference[at++];
      while (next < 0) {
        value |= (next & 0x7f) << shift;
        shift += 7;
        next = difference[at++];
      }
      return value | next << shift;
    }

    byte[] bytes() {
      byte[] text = new byte[number()];
      int from = baseAt;
      int to = 0;
      while (at < end) {
        int same = number();
        System.arraycopy(base, from, text, to, same);
        from += same;
        to += same;
        if (at < end) {
          int head = number();
          int length = head >>> FLAG_BITS;
          from += (head & SAME_LENGTH) != 0 ? length : number();
          if ((head & HEX) != 0) {
            digits(text, to, length);
          } else {
            System.arraycopy(difference, at, text, to, length);
            at += length;
          }
          to += length;
        }
      }
      return text;
    }

    private void digits(byte[] text, int to, int length) {
      for (int i = 0; i < length; i += 2) {
        byte two = difference[at++];
        text[to + i] = DIGITS[two >> 4 & 15];
        if (i + 1 < length) {
          text[to + i + 1] = DIGITS[two & 15];
        }
      }
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof PackedText that && Arrays.equals(bytes(), that.bytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes());
  }

  /** Without the text, which may be a secret. */
  @Override
  public String toString() {
    return "PackedText[" + ownBytes() + " bytes]";
  }
}
