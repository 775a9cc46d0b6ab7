/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds secrets in text however they are written there: escaped, percent-encoded, in base64 or
 * hexadecimal, in another case, broken by white space or punctuation, or a long part of them only.
 * Both sides are reduced to their letters and digits for it. Stateless.
 */
final class SecretForms {
  /** A secret is known by any part of it of this length. */
  private static final int PART = 16;

  /** Fewer letters and digits would be found everywhere. */
  private static final int LEAST = 4;

  private static final int LEAST_ENCODED = 8;

  private SecretForms() {}

  /** The text with {@code mask} in place of each secret. */
  static String mask(String text, List<String> secrets, String mask) {
    Map<Integer, Set<String>> parts = new HashMap<>();
    secrets.forEach(secret -> forms(secret, parts));
    if (parts.isEmpty()) {
      return text;
    }
    UnescapedText plain = UnescapedText.of(text).lettersAndDigits();
    BitSet secret = new BitSet();
    parts.forEach(
        (length, known) -> {
          for (int i = 0; i + length <= plain.length(); i++) {
            if (known.contains(plain.substring(i, i + length))) {
              secret.set(i, i + length);
            }
          }
        });
    StringBuilder masked = new StringBuilder();
    int done = 0;
    for (int i = secret.nextSetBit(0); i >= 0; ) {
      int end = secret.nextClearBit(i);
      masked.append(text, done, plain.from(i)).append(mask);
      done = plain.to(end - 1);
      i = secret.nextSetBit(end);
    }
    return masked.append(text, done, text.length()).toString();
  }

  private static void forms(String secret, Map<Integer, Set<String>> parts) {
    add(secret, LEAST, parts);
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    add(HexFormat.of().formatHex(bytes), LEAST_ENCODED, parts);
    // It may stand behind other bytes ("Bearer ", a user's name) in what is encoded.
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      int first = (before * 8 + 5) / 6;
      int last = shifted.length * 8 / 6;
      add(base64.substring(Math.min(first, last), last), LEAST_ENCODED, parts);
    }
  }

  private static void add(String form, int least, Map<Integer, Set<String>> parts) {
    UnescapedText reduced = UnescapedText.raw(form).lettersAndDigits();
    if (reduced.length() < least) {
      return;
    }
    int length = Math.min(PART, reduced.length());
    Set<String> known = parts.computeIfAbsent(length, l -> new HashSet<>());
    for (int i = 0; i + length <= reduced.length(); i++) {
      known.add(reduced.substring(i, i + length));
    }
  }

  /** Characters, and where each comes from in the text that it was read from. */
  private static final class UnescapedText {
    private final char[] chars;
    private final int[] from;
    private final int[] to;
    private int length;

    private UnescapedText(int most) {
      chars = new char[most];
      from = new int[most];
      to = new int[most];
    }

    static UnescapedText raw(String text) {
      UnescapedText result = new UnescapedText(text.length());
      for (int i = 0; i < text.length(); i++) {
        result.add(text.charAt(i), i, i + 1);
      }
      return result;
    }

    /** Escapes may be escaped again: that they are undone a few times is enough. */
    static UnescapedText of(String text) {
      UnescapedText result = raw(text);
      for (int pass = 0; pass < 4; pass++) {
        int before = result.length;
        result = result.unescaped();
        if (result.length == before) {
          break;
        }
      }
      return result;
    }

    private void add(char c, int start, int end) {
      chars[length] = c;
      from[length] = start;
      to[length++] = end;
    }

    int length() {
      return length;
    }

    int from(int i) {
      return from[i];
    }

    int to(int i) {
      return to[i];
    }

    String substring(int start, int end) {
      return new String(chars, start, end - start);
    }

    UnescapedText lettersAndDigits() {
      UnescapedText result = new UnescapedText(length);
      for (int i = 0; i < length; i++) {
        if (Character.isLetterOrDigit(chars[i])) {
          result.add(Character.toLowerCase(chars[i]), from[i], to[i]);
        }
      }
      return result;
    }

    private UnescapedText unescaped() {
      UnescapedText result = new UnescapedText(length);
      for (int i = 0; i < length; ) {
        int used =
            switch (chars[i]) {
              case '\\' -> backslash(i, result);
              case '%' -> hex(i, i + 1, 2, "", result);
              case '&' -> entity(i, result);
              default -> 0;
            };
        if (used == 0) {
          result.add(chars[i], from[i], to[i]);
          used = 1;
        }
        i += used;
      }
      return result;
    }

    private int backslash(int at, UnescapedText result) {
      if (at + 1 >= length) {
        return 0;
      }
      char next = chars[at + 1];
      int used =
          switch (next) {
            case 'u', 'U' -> hex(at, at + 2, 4, "", result);
            case 'x', 'X' -> hex(at, at + 2, 2, "", result);
            default -> 0;
          };
      if (used == 0) {
        result.add("nrtbfv".indexOf(next) >= 0 ? ' ' : next, from[at], to[at + 1]);
        used = 2;
      }
      return used;
    }

    /** {@code &#65;} and {@code &#x41;}. */
    private int entity(int at, UnescapedText result) {
      if (at + 2 >= length || chars[at + 1] != '#') {
        return 0;
      }
      boolean hex = chars[at + 2] == 'x' || chars[at + 2] == 'X';
      int start = hex ? at + 3 : at + 2;
      int end = start;
      while (end < length && end < start + 8 && Character.digit(chars[end], 16) >= 0) {
        end++;
      }
      if (end >= length || chars[end] != ';') {
        return 0;
      }
      return number(at, start, end, hex ? 16 : 10, ";", result);
    }

    private int hex(int at, int start, int digits, String after, UnescapedText result) {
      return start + digits > length ? 0 : number(at, start, start + digits, 16, after, result);
    }

    private int number(int at, int start, int end, int radix, String after, UnescapedText result) {
      int value = 0;
      for (int i = start; i < end; i++) {
        int digit = Character.digit(chars[i], radix);
        if (digit < 0 || value > 0xffff) {
          return 0;
        }
        value = value * radix + digit;
      }
      if (start == end || value > 0xffff) {
        return 0;
      }
      int last = end - 1 + after.length();
      result.add((char) value, from[at], to[last]);
      return last + 1 - at;
    }

    @Override
    public String toString() {
      return new String(Arrays.copyOf(chars, length));
    }
  }
}
