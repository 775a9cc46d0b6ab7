/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding as all three clouds sign it: of UTF-8 bytes, all but RFC 3986's unreserved
 * characters, with capital hexadecimal digits, once. Stateless.
 */
final class UriEncoding {
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();
  private static final boolean[] UNRESERVED = new boolean[128];

  static {
    for (char c = 0; c < UNRESERVED.length; c++) {
      UNRESERVED[c] =
          c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || isMark(c);
    }
  }

  private UriEncoding() {}

  private static boolean isMark(char c) {
    return c == '-' || c == '.' || c == '_' || c == '~';
  }

  /** A parameter's name or value. */
  static String component(String text) {
    return encode(text, false);
  }

  /**
   * A path, whose slashes stay: each of them, as stores keep {@code a//b} apart from {@code a/b}.
   */
  static String path(String path) {
    return encode(path, true);
  }

  private static String encode(String text, boolean keepSlashes) {
    int plain = 0;
    while (plain < text.length() && stays(text.charAt(plain), keepSlashes)) {
      plain++;
    }
    if (plain == text.length()) {
      return text;
    }
    ByteBuffer bytes = utf8(text);
    StringBuilder encoded = new StringBuilder(bytes.remaining() + 32);
    while (bytes.hasRemaining()) {
      int b = bytes.get() & 0xff;
      if (stays((char) b, keepSlashes)) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HEX[b >> 4]).append(HEX[b & 0xf]);
      }
    }
    return encoded.toString();
  }

  private static boolean stays(char c, boolean keepSlashes) {
    return c < UNRESERVED.length && UNRESERVED[c] || keepSlashes && c == '/';
  }

  /** Half a surrogate pair would become a question mark: another object's name. */
  private static ByteBuffer utf8(String text) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "A name of an object or a parameter is not valid Unicode: it has half a surrogate pair",
          e);
    }
  }
}
