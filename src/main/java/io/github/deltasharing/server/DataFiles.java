package io.github.deltasharing.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Finds the files of a table on disk, and nothing else: whatever is outside the table's directory
 * (by name or behind a symbolic link) or belongs to the transaction log is refused. Stateless.
 */
final class DataFiles {
  private static final String LOG = "_delta_log";

  private DataFiles() {}

  /**
   * The real path of a data file.
   *
   * @param relativePath the path below the table's directory, decoded, with slashes
   * @throws ServerError 403 when it is not a data file of the table, 404 when there is no such file
   */
  static Path resolve(SharedTable table, String relativePath) {
    for (String segment : relativePath.split("/", -1)) {
      if (segment.isEmpty()
          || segment.equals(".")
          || segment.equals("..")
          || segment.indexOf('\\') >= 0
          || segment.indexOf('\0') >= 0
          || segment.toLowerCase(Locale.ROOT).equals(LOG)) {
        throw refused();
      }
    }
    try {
      Path root = table.directory().toRealPath();
      Path file = root.resolve(relativePath).toRealPath();
      if (!file.startsWith(root) || file.startsWith(root.resolve(LOG))) {
        throw refused();
      }
      if (!Files.isRegularFile(file)) {
        throw missing();
      }
      return file;
    } catch (InvalidPathException e) {
      throw refused();
    } catch (IOException e) {
      throw missing();
    }
  }

  private static ServerError refused() {
    return ServerError.forbidden("This is not a data file of a shared table");
  }

  private static ServerError missing() {
    return ServerError.notFound(
        "The file is not there any more: the provider has vacuumed the table. Query it again");
  }
}
