/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.protocol.FileIdScheme;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.SharedTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the files of a table on disk, and nothing else: whatever is outside the table's directory
 * (by name or behind a symbolic link) or belongs to the transaction log is refused. Stateless.
 */
final class DataFiles {
  private static final Logger LOG = LoggerFactory.getLogger(DataFiles.class);
  private static final String LOG_DIRECTORY = "_delta_log";

  private DataFiles() {}

  /**
   * The real path of a data file.
   *
   * @param relativePath the path below the table's directory, decoded, with slashes
   * @throws ServerError 403 when it is not a data file of the table, 404 when there is no such file
   */
  static Path resolve(SharedTable table, String relativePath) {
    return resolve(table, relativePath, LOG_DIRECTORY);
  }

  /**
   * As above.
   *
   * @param log the directory of the table's metadata, below the table's; nothing in it is served
   */
  static Path resolve(SharedTable table, String relativePath, String log) {
    if (!table.location().getScheme().equals("file")) {
      throw refused();
    }
    for (String segment : relativePath.split("/", -1)) {
      if (segment.isEmpty()
          || segment.equals(".")
          || segment.equals("..")
          || segment.indexOf('\\') >= 0
          || segment.indexOf('\0') >= 0
          || segment.toLowerCase(Locale.ROOT).equals(LOG_DIRECTORY)) {
        throw refused();
      }
    }
    if (relativePath.toLowerCase(Locale.ROOT).startsWith(log + "/")) {
      throw refused();
    }
    try {
      Path root = LocalStorage.directory(table).toRealPath();
      Path file = root.resolve(relativePath).toRealPath();
      if (!file.startsWith(root) || file.startsWith(root.resolve(log))) {
        throw refused();
      }
      if (!Files.isRegularFile(file)) {
        throw missing(table, relativePath);
      }
      return file;
    } catch (InvalidPathException e) {
      throw refused();
    } catch (IOException e) {
      throw missing(table, relativePath);
    }
  }

  private static ServerError refused() {
    return ServerError.forbidden("This is not a data file of a shared table");
  }

  /** Clients know a file by its id alone, of either scheme: the log says which one that is. */
  private static ServerError missing(SharedTable table, String relativePath) {
    String id = FileIdScheme.DELTA.id(relativePath);
    LOG.warn(
        "File {} (or {}) of {} is {} in {}: it is not there any more",
        id,
        FileIdScheme.PARQUET.id(relativePath),
        table.fullName(),
        relativePath,
        table.location());
    return ServerError.notFound(
        "File %s of %s is not there any more: the provider has vacuumed the table. Query it again;"
                .formatted(id, table.fullName())
            + " if the file is still listed then, tell the provider, whose server's log says which"
            + " file it is");
  }
}
