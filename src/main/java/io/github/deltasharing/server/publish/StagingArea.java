/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.publish.delta.StoredPlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Directories of this machine in which data files are written, which nobody reads. Immutable, safe
 * for use by several threads.
 *
 * @param root the directory of them
 */
record StagingArea(Path root) implements StoredPlace.Staging {
  private static final Logger LOG = LoggerFactory.getLogger(StagingArea.class);
  static final String PREFIX = ".staging-";
  private static final Duration KEPT = Duration.ofDays(1);

  @Override
  public Path create() throws IOException {
    return Files.createDirectories(root.resolve(PREFIX + UUID.randomUUID()));
  }

  /** Where the lines go that are set aside while such a directory is written. */
  static Path asideOf(Path staging) {
    return staging.resolveSibling(staging.getFileName() + ".csv");
  }

  @Override
  public void delete(Path directory) {
    deleteAll(directory);
  }

  /** Deletes what a server left that was stopped. */
  void sweep(Instant now) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.list(root)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith(PREFIX) && isOlder(file, now.minus(KEPT))) {
          deleteAll(file);
        }
      }
    }
  }

  static boolean isOlder(Path file, Instant limit) {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(limit);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      LOG.debug("A file's time cannot be read", e);
      return false;
    }
  }

  /** Deletes a file or a directory with all that is in it, some files of it last. */
  static void deleteAll(Path directory, Path... last) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> kept = List.of(last);
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!kept.contains(file) && !file.equals(directory)) {
          Files.deleteIfExists(file);
        }
      }
      for (Path file : last) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("Files of a publication could not be deleted: {}", e.toString());
    }
  }
}
