/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import io.github.deltasharing.server.storage.WrittenDirectory;
import io.github.deltasharing.source.ListedFile;
import io.github.deltasharing.source.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table in an object store: a commit is an object that the store puts only if there is none.
 * Immutable, safe for use by several threads.
 *
 * @param root the directory of all tables
 * @param name the table's directory below it
 * @param staging makes an empty directory of this machine, for a copy of a log's end
 */
public record StoredPlace(
    WrittenDirectory root, String name, Staging staging, Checkpoints checkpoints)
    implements TablePlace {
  private static final Logger LOG = LoggerFactory.getLogger(StoredPlace.class);
  private static final Pattern CHECKPOINT = Pattern.compile("(\\d{20})\\.checkpoint\\..*");
  static final String LAST_CHECKPOINT = "_last_checkpoint";

  /** Directories of this machine that nobody reads. */
  public interface Staging {
    /** A new one. */
    Path create() throws IOException;

    /** Deletes one and what is in it. */
    void delete(Path directory);
  }

  @Override
  public URI location() {
    return URI.create(root.location() + "/" + name);
  }

  @Override
  public void take(Path staged, Collection<String> names) throws IOException {
    boolean done = false;
    try {
      for (String file : names) {
        root.put(name + "/" + file, staged.resolve(file));
      }
      done = true;
    } finally {
      if (!done) {
        dropQuietly(names);
      }
    }
  }

  /** What failed is said, and not that its files could not be deleted either: a sweep does that. */
  private void dropQuietly(Collection<String> names) {
    try {
      drop(names);
    } catch (StoreException e) {
      LOG.warn("Data files at {} are deleted later: {}", location(), e.getMessage());
    }
  }

  @Override
  public void drop(Collection<String> names) {
    root.delete(names.stream().map(file -> name + "/" + file).toList());
  }

  @Override
  public void commit(long version, String text) throws IOException {
    String path = name + "/" + TablePlace.commitPath(version);
    if (!root.create(path, text.getBytes(StandardCharsets.UTF_8))) {
      throw new FileAlreadyExistsException(path);
    }
  }

  @Override
  public Optional<InputStream> open(long version) throws IOException {
    return root.open(name + "/" + TablePlace.commitPath(version));
  }

  @Override
  public List<ListedFile> log(String from) {
    return root.list(name + "/" + DeltaLog.DIRECTORY, from);
  }

  /** Made of a copy of the log's end on this machine, so that Kernel needs no way to the store. */
  @Override
  public void checkpoint(long version) {
    Path copy = null;
    try {
      copy = staging.create();
      Path log = Files.createDirectories(copy.resolve(DeltaLog.DIRECTORY));
      for (String file : needed(version)) {
        try (InputStream content =
            root.open(name + "/" + DeltaLog.DIRECTORY + "/" + file).orElseThrow()) {
          Files.copy(content, log.resolve(file));
        }
      }
      checkpoints.write(copy, version);
      List<Path> made;
      String prefix = String.format(Locale.ROOT, "%020d.checkpoint", version);
      try (Stream<Path> files = Files.list(log)) {
        made = files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
      }
      for (Path file : made) {
        put(file);
      }
      if (!made.isEmpty() && Files.exists(log.resolve(LAST_CHECKPOINT))) {
        put(log.resolve(LAST_CHECKPOINT));
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("No checkpoint of version {} could be written: {}", version, e.toString());
    } finally {
      if (copy != null) {
        staging.delete(copy);
      }
    }
  }

  private void put(Path file) throws IOException {
    root.put(name + "/" + DeltaLog.DIRECTORY + "/" + file.getFileName(), file);
  }

  /** The log's files from its latest checkpoint to a version; none if it has a checkpoint. */
  private List<String> needed(long version) {
    List<String> all = log("").stream().map(ListedFile::name).toList();
    long last = 0;
    for (String file : all) {
      Matcher checkpoint = CHECKPOINT.matcher(file);
      if (checkpoint.matches() && Long.parseLong(checkpoint.group(1)) <= version) {
        last = Math.max(last, Long.parseLong(checkpoint.group(1)));
      }
    }
    String from = String.format(Locale.ROOT, "%020d", last);
    String until = String.format(Locale.ROOT, "%020d.json", version);
    return all.stream()
        .filter(file -> file.matches("\\d{20}\\..*"))
        .filter(file -> file.compareTo(from) >= 0 && file.compareTo(until) <= 0)
        .toList();
  }
}
