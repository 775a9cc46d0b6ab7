/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

/** Texts of others, fit for a terminal: nothing in them moves the cursor or hides. Stateless. */
final class TerminalText {
  private TerminalText() {}

  /** With escapes for control and format characters, and for what is half a character. */
  static String escape(String text) {
    return escape(text, false);
  }

  /** As above, but line breaks and tabs stay. */
  static String escapeLines(String text) {
    return escape(text, true);
  }

  private static String escape(String text, boolean lines) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (lines && (c == '\n' || c == '\t')) {
                escaped.append((char) c);
              } else if (isSafe(c)) {
                escaped.appendCodePoint(c);
              } else {
                escaped.append(escape(c));
              }
            });
    return escaped.toString();
  }

  private static boolean isSafe(int c) {
    int type = Character.getType(c);
    return type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR;
  }

  private static String escape(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> c < 0x10000 ? "\\u%04x".formatted(c) : "\\u{%x}".formatted(c);
    };
  }
}
