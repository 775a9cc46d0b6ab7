/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the files that options name. Driver only. */
@FunctionalInterface
public interface OptionFiles {
  /** Certificates and keys are some kilobytes; a data file given by mistake is not read whole. */
  int MOST_BYTES = 8 << 20;

  /** Files of this machine, by path or {@code file:} URI. */
  OptionFiles LOCAL =
      location -> {
        Path path =
            location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
        try (var in = Files.newInputStream(path)) {
          return in.readNBytes(MOST_BYTES);
        }
      };

  /**
   * Reads a file, up to {@link #MOST_BYTES}.
   *
   * @throws IOException if it cannot be read
   * @throws RuntimeException if the location is none
   */
  byte[] read(String location) throws IOException;
}
