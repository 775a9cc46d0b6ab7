package io.github.deltasharing.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * Turns the paths in a table's log (URL-encoded, relative or absolute) into decoded paths below the
 * table's directory. Stateless.
 */
final class LogPaths {
  private static final String SCHEME = "(?s)[A-Za-z][A-Za-z0-9+.-]*:.*";

  private LogPaths() {}

  /**
   * The path below the table's directory.
   *
   * @throws ServerError when the file is elsewhere, as those of a shallow clone are
   */
  static String relative(SharedTable table, String logPath) {
    if (!logPath.matches(SCHEME) && !logPath.startsWith("/")) {
      return decode(logPath);
    }
    try {
      URI uri = new URI(logPath);
      boolean local = uri.getScheme() == null || uri.getScheme().equals("file");
      if (local && uri.getPath() != null) {
        return relative(table, Path.of(uri.getPath()));
      }
    } catch (URISyntaxException e) {
      throw elsewhere(table);
    }
    throw elsewhere(table);
  }

  /** The path of an absolute file below the table's directory. */
  static String relative(SharedTable table, Path file) {
    Path normalized = file.normalize();
    if (!normalized.startsWith(table.directory())) {
      throw elsewhere(table);
    }
    return table.directory().relativize(normalized).toString();
  }

  private static String decode(String logPath) {
    try {
      return PathSegments.decode(logPath);
    } catch (ServerError e) {
      // Written by somebody who did not encode: the text is the name.
      return logPath;
    }
  }

  private static ServerError elsewhere(SharedTable table) {
    return ServerError.unsupported(
        "Cannot serve "
            + table.fullName()
            + ": it has files outside its own directory (a shallow clone?)."
            + " Ask the provider to share a full copy");
  }
}
