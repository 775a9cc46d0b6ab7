package io.github.deltasharing.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Packs texts that come one after the other and are alike: each by its difference from one that
 * came before. Which ones those are adapts itself: where a long part changes for good (another
 * security token), or a kind of text alternates with another, another base is taken. Not
 * thread-safe.
 */
final class TextPacker {
  private static final int MOST_BASES = 4;

  private final List<byte[]> bases = new ArrayList<>();
  private final DifferenceWriter writer = new DifferenceWriter();
  private int usual = Integer.MAX_VALUE;
  private int excess;

  /**
   * @param text may become a base
   */
  PackedText pack(PackedText text) {
    byte[] bytes = text.bytes();
    byte[] difference = null;
    int found = -1;
    for (int i = 0; i < bases.size() && (i == 0 || !isUsual(difference)); i++) {
      int most = difference == null ? bytes.length : difference.length;
      byte[] other = writer.difference(bases.get(i), bytes, most);
      found = other == null ? found : i;
      difference = other == null ? difference : other;
    }
    if (difference == null || isCostly(difference.length, bytes.length)) {
      bases.add(0, bytes);
      if (bases.size() > MOST_BASES) {
        bases.remove(MOST_BASES);
      }
      excess = 0;
      return new PackedText(bytes, null);
    }
    // The last one used is tried first.
    byte[] base = bases.get(found);
    if (found > 0) {
      bases.add(0, bases.remove(found));
    }
    return new PackedText(base, difference);
  }

  private boolean isUsual(byte[] difference) {
    return difference != null && difference.length <= limit();
  }

  private long limit() {
    return usual + usual / 4L + Long.BYTES;
  }

  /** Whether what differences take more than usual has come to what another base takes. */
  private boolean isCostly(int length, int base) {
    excess = (int) Math.max(0, excess + length - limit());
    // What is usual is soon less, and slowly more.
    usual = length <= usual ? length + (usual - length) / 2 : usual + (length - usual) / 64;
    return excess > base;
  }

  /** Writes the format that {@link PackedText} reads. */
  private static final class DifferenceWriter {
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
          int fromEnd = wordEnd(base, from);
          int toEnd = from == base.length ? text.length : wordEnd(text, to);
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

    private static int wordEnd(byte[] text, int at) {
      int end = at;
      while (end < text.length && isWord(text[end])) {
        end++;
      }
      return end;
    }

    /** Letters and digits; all that is not ASCII is taken for letters. */
    private static boolean isWord(byte c) {
      return c < 0 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
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
      return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    private void number(int value) {
      ensure(5);
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
}
