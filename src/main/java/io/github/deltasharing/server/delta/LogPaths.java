/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.delta;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.storage.PathSegments;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
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
    Optional<String> local = local(table, logPath);
    if (local.isEmpty()) {
      int colon = logPath.indexOf(':') + 1;
      return logPath.substring(0, colon).toLowerCase(Locale.ROOT)
          + encode(decode(logPath.substring(colon)));
    }
    return table
        .storage()
        .relativize(local.get())
        .map(LogPaths::encode)
        .orElseGet(() -> "file:" + encode(local.get()));
  }

  /**
   * The path below the table's directory, decoded.
   *
   * @throws ServerError when the file is elsewhere, as those of a shallow clone are
   */
  static String relative(DeltaTable table, String logPath) {
    if (isPlain(logPath)) {
      return logPath;
    }
    return local(table, logPath)
        .flatMap(table.storage()::relativize)
        .orElseThrow(() -> elsewhere(table));
  }

  /** The path below the table's directory of an absolute one that is not encoded. */
  static String relativeFile(DeltaTable table, String file) {
    return table.storage().relativize(normalized(file)).orElseThrow(() -> elsewhere(table));
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

  /** The absolute path on this machine that a path means, if it means one. */
  private static Optional<String> local(DeltaTable table, String logPath) {
    String path = logPath;
    Matcher scheme = SCHEME.matcher(logPath);
    if (scheme.matches()) {
      path = scheme.group(2).startsWith("//") ? scheme.group(2).substring(2) : scheme.group(2);
      if (!scheme.group(1).equalsIgnoreCase("file") || !path.startsWith("/")) {
        return Optional.empty();
      }
    }
    String decoded = decode(path);
    return Optional.of(
        normalized(decoded.startsWith("/") ? decoded : table.path() + "/" + decoded));
  }

  private static String normalized(String path) {
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
      return PathSegments.decode(logPath);
    } catch (ServerError e) {
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

  private static ServerError elsewhere(DeltaTable table) {
    return ServerError.unsupported(
        "Cannot serve "
            + table.fullName()
            + ": it has files outside its own directory (a shallow clone?)."
            + " Ask the provider to share a full copy");
  }
}
