/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories of publications' tables, and of tables that are being written. A table that no
 * publication names yet, or no longer, has a mark in it: what a server leaves that is stopped in
 * between is found by it, and tables that somebody keeps without a publication are left alone. Safe
 * for use by several threads.
 */
final class TableFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TableFiles.class);
  private static final String STAGING = ".staging-";
  private static final String SET_ASIDE = ".set-aside";
  private static final String MARK = ".unpublished";
  private static final Duration STAGED = Duration.ofDays(1);
  private static final Duration MARKED = Duration.ofHours(1);
  private static final int LONGEST_SLUG = 60;

  private final Path root;

  TableFiles(Path root) {
    this.root = root;
  }

  /** A new directory that nobody reads. */
  Path stage() throws IOException {
    return Files.createDirectories(root.resolve(STAGING + UUID.randomUUID()));
  }

  /** Where the lines go that are set aside while such a directory is written. */
  static Path asideOf(Path staging) {
    return staging.resolveSibling(staging.getFileName() + ".csv");
  }

  /** Where the table of a new publication is put. */
  Path table(String id, String name) {
    return root.resolve(slug(name) + "-" + id.substring(0, 8));
  }

  /** What a name is in the name of a directory. */
  private static String slug(String name) {
    String slug =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    String cut = slug.substring(0, Math.min(LONGEST_SLUG, slug.length()));
    return cut.isEmpty() ? "table" : cut;
  }

  /** Says of a table that no publication names it. */
  static void mark(Path table, String id) throws IOException {
    Files.writeString(table.resolve(MARK), id, StandardCharsets.UTF_8);
  }

  /** The publication is there. */
  static void unmark(Path table) {
    try {
      Files.deleteIfExists(table.resolve(MARK));
    } catch (IOException e) {
      // The next sweep does it.
      LOG.warn("A published table keeps its mark for now: {}", e.toString());
    }
  }

  /** A table's directory, if it is one of these. */
  Optional<Path> find(URI location) {
    Path table = Path.of(location.getPath()).normalize();
    return table.startsWith(root) && !table.equals(root) && Files.isDirectory(table)
        ? Optional.of(table)
        : Optional.empty();
  }

  /** Keeps the lines of a publication's latest file that were set aside, or that there are none. */
  void keepAside(String id, Path aside, boolean any) {
    Path kept = setAside(id);
    try {
      if (any) {
        Files.createDirectories(kept.getParent());
        Files.move(aside, kept, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.deleteIfExists(kept);
      }
    } catch (IOException e) {
      LOG.warn("Lines that were set aside could not be kept: {}", e.toString());
    }
  }

  /** The lines that were set aside of a publication's latest file. */
  Path setAside(String id) {
    return root.resolve(SET_ASIDE).resolve(id + ".csv");
  }

  /** Deletes a table's files. */
  void purge(String id, URI location) {
    find(location).ifPresent(TableFiles::delete);
    try {
      Files.deleteIfExists(setAside(id));
    } catch (IOException e) {
      LOG.warn("Lines that were set aside could not be deleted: {}", e.toString());
    }
  }

  /**
   * Deletes what a server left that was stopped while it published or deleted.
   *
   * @param published whether there is a publication of this id
   */
  void sweep(Instant now, Predicate<String> published) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.list(root)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith(STAGING)) {
          if (isOlder(file, now.minus(STAGED))) {
            delete(file);
          }
        } else if (isOlder(file.resolve(MARK), now.minus(MARKED))) {
          decide(file, published);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("What was left of publications could not be deleted: {}", e.toString());
    }
  }

  private static void decide(Path table, Predicate<String> published) {
    String id;
    try {
      id = Files.readString(table.resolve(MARK), StandardCharsets.UTF_8);
    } catch (IOException e) {
      LOG.warn("A published table's mark cannot be read: {}", e.toString());
      return;
    }
    if (published.test(id)) {
      unmark(table);
    } else {
      LOG.info("Deleting {}, which no publication names", table.getFileName());
      delete(table);
    }
  }

  private static boolean isOlder(Path file, Instant limit) {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(limit);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      LOG.debug("A file's time cannot be read", e);
      return false;
    }
  }

  static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = new ArrayList<>(files.sorted(Comparator.reverseOrder()).toList());
      // Should it end in the middle, the mark is still there.
      Path mark = directory.resolve(MARK);
      if (deepestFirst.remove(mark)) {
        deepestFirst.add(deepestFirst.size() - 1, mark);
      }
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("Files of a publication could not be deleted: {}", e.toString());
    }
  }
}
