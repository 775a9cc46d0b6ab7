/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Decodes a profile that an editor or a shell wrote in an encoding of its own. Stateless. */
final class ProfileText {
  private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
  private static final Charset UTF_32LE = Charset.forName("UTF-32LE");

  private ProfileText() {}

  /** The text, without a byte order mark. */
  static String decode(byte[] bytes) {
    String text = new String(bytes, charset(bytes));
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** By the mark; without one by where zeros are, for JSON begins with two ASCII characters. */
  private static Charset charset(byte[] b) {
    int a0 = at(b, 0);
    int a1 = at(b, 1);
    int a2 = at(b, 2);
    int a3 = at(b, 3);
    if (a0 == 0 && a1 == 0 && ((a2 == 0xFE && a3 == 0xFF) || (a2 == 0 && a3 > 0))) {
      return UTF_32BE;
    }
    if (a2 == 0 && a3 == 0 && ((a0 == 0xFF && a1 == 0xFE) || (a0 > 0 && a1 == 0))) {
      return UTF_32LE;
    }
    if ((a0 == 0xFE && a1 == 0xFF) || (a0 == 0 && a1 > 0)) {
      return StandardCharsets.UTF_16BE;
    }
    if ((a0 == 0xFF && a1 == 0xFE) || (a0 > 0 && a1 == 0)) {
      return StandardCharsets.UTF_16LE;
    }
    return StandardCharsets.UTF_8;
  }

  private static int at(byte[] bytes, int i) {
    return i < bytes.length ? bytes[i] & 0xff : -1;
  }
}
