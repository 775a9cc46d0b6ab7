/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import io.github.deltasharing.error.ProfileErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads small secret files of the driver's machine that a profile names. Stateless. */
final class DriverFile {
  /** Keys and tokens are some kilobytes. */
  private static final int MOST_BYTES = 1 << 16;

  private static final String ENVIRONMENT = "env:";

  private DriverFile() {}

  /**
   * The text at a location.
   *
   * @param what it is, for messages
   * @param location a path, or {@code env:NAME} for a text in an environment variable
   */
  static String read(String origin, String what, String location) {
    if (location.startsWith(ENVIRONMENT)) {
      return variable(origin, what, location.substring(ENVIRONMENT.length()));
    }
    return file(origin, what, location);
  }

  /** The value of a variable. */
  static String variable(String origin, String what, String name) {
    String text = System.getenv(name);
    if (text == null || text.isBlank()) {
      throw ProfileErrors.badFile(
          origin, what, ENVIRONMENT + name, "is not set: put it into this variable on the driver");
    }
    return text;
  }

  static String file(String origin, String what, String location) {
    try (InputStream in = Files.newInputStream(Path.of(location))) {
      byte[] bytes = in.readNBytes(MOST_BYTES);
      if (bytes.length == MOST_BYTES) {
        throw ProfileErrors.badFile(
            origin, what, location, "is longer than " + MOST_BYTES + " bytes: it is another file");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw ProfileErrors.badFile(origin, what, location, "does not exist on the driver");
    } catch (IOException | InvalidPathException e) {
      throw ProfileErrors.badFile(
          origin, what, location, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }
}
