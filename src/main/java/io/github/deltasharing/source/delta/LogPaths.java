/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.github.deltasharing.source.PercentText;
import io.github.deltasharing.source.SourceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The paths in a table's log: URL-encoded, relative to the table's directory or absolute, with or
 * without a scheme, and so many spellings of one file. Stateless.
 */
final class LogPaths {
  private static final Pattern SCHEME = Pattern.compile("(?s)([A-Za-z][A-Za-z0-9+.-]*):(.*)");

  /**
   * The characters of a path that is its own canonical form: nothing to decode, no dot segments.
   */
  private static final String PLAIN = "-_~=+/";

  private LogPaths() {}

  /**
   * The one spelling of a file: relative where it is below the table's directory, and encoded
   * alike. Delta Lake treats fewer spellings as the same: it distinguishes relative paths from
   * absolute ones. Then a file of the table that was added by one and removed by the other would
   * come back.
   */
  static String canonical(DeltaTable table, String logPath) {
    if (isPlain(logPath)) {
      return logPath;
    }
    String absolute = absolute(table, logPath);
    int colon = absolute.indexOf(':') + 1;
    return table
        .storage()
        .relativize(absolute)
        .map(LogPaths::encode)
        .orElseGet(() -> absolute.substring(0, colon) + encode(absolute.substring(colon)));
  }

  /**
   * The path below the table's directory, decoded.
   *
   * @throws SourceException when the file is elsewhere, as those of a shallow clone are
   */
  static String relative(DeltaTable table, String logPath) {
    if (isPlain(logPath)) {
      return logPath;
    }
    return table.storage().relativize(absolute(table, logPath)).orElseThrow(() -> elsewhere(table));
  }

  /** The path below the table's directory of an absolute one that is not encoded. */
  static String relativeFile(DeltaTable table, String file) {
    String absolute = file.startsWith("/") ? "file:" + file : file;
    return table.storage().relativize(normalized(absolute)).orElseThrow(() -> elsewhere(table));
  }

  private static boolean isPlain(String logPath) {
    char before = '/';
    for (int i = 0; i < logPath.length(); i++) {
      char c = logPath.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || (before != '/' && (c == '.' || c == '/'))
              || (c != '/' && PLAIN.indexOf(c) >= 0);
      if (!plain) {
        return false;
      }
      before = c;
    }
    return before != '/';
  }

  /** What a path means, decoded: with scheme, with authority if there is one, without steps up. */
  private static String absolute(DeltaTable table, String logPath) {
    Matcher scheme = SCHEME.matcher(logPath);
    if (scheme.matches()) {
      return normalized(scheme.group(1).toLowerCase(Locale.ROOT) + ":" + decode(scheme.group(2)));
    }
    String decoded = decode(logPath);
    String root = table.root();
    String path = table.location().getPath();
    return normalized(
        decoded.startsWith("/")
            ? root.substring(0, root.length() - path.length()) + normalizedPath(decoded)
            : root + "/" + decoded);
  }

  /**
   * Without steps up and double slashes in the path. An empty authority is none.
   *
   * @param absolute with its scheme
   */
  private static String normalized(String absolute) {
    int colon = absolute.indexOf(':') + 1;
    int path = colon;
    if (absolute.startsWith("//", colon)) {
      int slash = absolute.indexOf('/', colon + 2);
      path = slash < 0 ? absolute.length() : slash;
    }
    String place = path == colon + 2 ? "" : absolute.substring(colon, path);
    return absolute.substring(0, colon) + place + normalizedPath(absolute.substring(path));
  }

  private static String normalizedPath(String path) {
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : path.split("/", -1)) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    return "/" + String.join("/", segments);
  }

  private static String decode(String logPath) {
    try {
      return PercentText.decode(logPath);
    } catch (IllegalArgumentException e) {
      // Written by a writer that does not encode: the text is the name.
      return logPath;
    }
  }

  /** Encodes all that a plain path does not have. */
  private static String encode(String path) {
    StringBuilder encoded = new StringBuilder(path.length() + 16);
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          c < 0x80 && (Character.isLetterOrDigit(c) || c == '.' || PLAIN.indexOf(c) >= 0);
      encoded.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return encoded.toString();
  }

  private static SourceException elsewhere(DeltaTable table) {
    return SourceException.unsupported(
        "Cannot serve "
            + table.fullName()
            + ": it has files outside its own directory (a shallow clone?)."
            + " Ask the provider to share a full copy");
  }
}
