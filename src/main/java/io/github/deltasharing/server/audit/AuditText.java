/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.audit;

/** Texts of clients, as files and databases can keep them. Stateless. */
final class AuditText {
  private static final char REPLACEMENT = '\ufffd';

  private AuditText() {}

  /** The beginning of a text, without what no database keeps: NUL and halves of characters. */
  static String clean(String text, int longest) {
    StringBuilder clean = new StringBuilder(Math.min(text.length(), longest));
    for (int i = 0; i < text.length() && clean.length() < longest; i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair && clean.length() + 2 <= longest) {
        clean.append(c).append(text.charAt(++i));
      } else if (c == '\0' || Character.isSurrogate(c)) {
        clean.append(REPLACEMENT);
      } else {
        clean.append(c);
      }
    }
    return clean.toString();
  }
}
