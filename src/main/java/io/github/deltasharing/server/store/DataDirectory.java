/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import io.github.deltasharing.server.config.ConfigException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** The directory of the embedded database: its owner's alone. Stateless. */
public final class DataDirectory {
  private static final String DATABASE = "store.mv.db";

  private DataDirectory() {}

  /**
   * Makes the directory, if it is not there.
   *
   * @throws ConfigException when it cannot be made
   */
  public static void prepare(Path directory) {
    try {
      if (!Files.isDirectory(directory)) {
        FileAttribute<?>[] mode =
            isPosix()
                ? new FileAttribute<?>[] {
                  PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        Files.createDirectories(directory, mode);
      }
    } catch (IOException e) {
      throw new ConfigException("Cannot make the directory " + directory + ": " + e, e);
    }
  }

  /** Takes the database's file from others, whatever the directory's mode. */
  public static void protect(Path directory) {
    Path file = directory.resolve(DATABASE);
    try {
      if (isPosix() && Files.exists(file)) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
    } catch (IOException e) {
      throw new ConfigException("Cannot set the mode of " + file + ": " + e, e);
    }
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
