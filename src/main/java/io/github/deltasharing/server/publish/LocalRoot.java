/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.publish.delta.Checkpoints;
import io.github.deltasharing.server.publish.delta.LocalPlace;
import io.github.deltasharing.server.publish.delta.TablePlace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of this machine's disks, or of a file system of several machines. The note of a table
 * is a file in it; versions need none, as their files move in the moment before they are made.
 * Immutable, safe for use by several threads.
 */
record LocalRoot(Path root, Checkpoints checkpoints) implements TableRoot {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRoot.class);
  private static final String SET_ASIDE = ".set-aside";
  private static final String MARK = ".unpublished";
  private static final Duration MARKED = Duration.ofHours(1);

  @Override
  public void check() {
    // Any disk will do.
  }

  @Override
  public URI table(String id, String name) {
    // That of a directory, whether it is there or not.
    return URI.create(
        root.resolve(Intent.directory(id, name)).toUri().toString().replaceFirst("/*$", "/"));
  }

  private static Path path(URI location) {
    return Path.of(location.getPath()).normalize();
  }

  @Override
  public TablePlace place(URI location) {
    return new LocalPlace(path(location), checkpoints);
  }

  /** A mark in a table's directory: when it is made, and before it is deleted. */
  @Override
  public void begin(Intent intent) throws IOException {
    Path table = path(intent.location());
    if (intent.whole() && isOurs(intent.id(), table)) {
      Files.createDirectories(table);
      Files.writeString(table.resolve(MARK), intent.id(), StandardCharsets.UTF_8);
    }
  }

  /** Never another directory, whatever the record of a publication says. */
  private boolean isOurs(String id, Path table) {
    return root.equals(table.getParent()) && Intent.isDirectory(id, table.getFileName().toString());
  }

  @Override
  public void end(Intent intent) {
    if (intent.whole()) {
      unmark(path(intent.location()));
    }
  }

  private static void unmark(Path table) {
    try {
      Files.deleteIfExists(table.resolve(MARK));
    } catch (IOException e) {
      // The next sweep does it.
      LOG.warn("A published table keeps its mark for now: {}", e.toString());
    }
  }

  @Override
  public void purge(Intent intent) {
    Path table = path(intent.location());
    if (isOurs(intent.id(), table)) {
      delete(table);
    }
    try {
      Files.deleteIfExists(aside(intent.id()));
    } catch (IOException e) {
      LOG.warn("Lines that were set aside could not be deleted: {}", e.toString());
    }
  }

  /** Should it end in the middle, the mark is still there. */
  private static void delete(Path table) {
    StagingArea.deleteAll(table, table.resolve(MARK));
  }

  @Override
  public void keepAside(String id, Path aside, boolean any) {
    Path kept = aside(id);
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

  private Path aside(String id) {
    return root.resolve(SET_ASIDE).resolve(id + ".csv");
  }

  @Override
  public Optional<InputStream> setAside(String id) throws IOException {
    Path kept = aside(id);
    return Files.exists(kept) ? Optional.of(Files.newInputStream(kept)) : Optional.empty();
  }

  @Override
  public void sweep(Instant now, Predicate<String> published) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.list(root)) {
      for (Path file : files.toList()) {
        if (StagingArea.isOlder(file.resolve(MARK), now.minus(MARKED))) {
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
}
