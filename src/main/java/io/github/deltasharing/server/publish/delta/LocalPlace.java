/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import io.github.deltasharing.source.ListedFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table on the disk that its files are staged on, which servers may share: a commit is a hard
 * link, which fails when there is one. Immutable, safe for use by several threads.
 *
 * @param directory the table's
 */
public record LocalPlace(Path directory, Checkpoints checkpoints) implements TablePlace {
  private static final Logger LOG = LoggerFactory.getLogger(LocalPlace.class);

  @Override
  public URI location() {
    return directory.toUri();
  }

  /** A log names what is on the disk only. */
  @Override
  public void take(Path staged, Collection<String> names) throws IOException {
    for (String name : names) {
      try (FileChannel channel = FileChannel.open(staged.resolve(name), StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
    boolean done = false;
    try {
      for (String name : names) {
        Files.move(staged.resolve(name), directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      }
      force(directory);
      done = true;
    } finally {
      if (!done) {
        drop(names);
      }
    }
  }

  @Override
  public void drop(Collection<String> names) throws IOException {
    for (String name : names) {
      Files.deleteIfExists(directory.resolve(name));
    }
  }

  @Override
  public void commit(long version, String text) throws IOException {
    Path log = directory.resolve(DeltaLog.DIRECTORY);
    Files.createDirectories(log);
    Path commit = directory.resolve(TablePlace.commitPath(version));
    Path draft = log.resolve("." + UUID.randomUUID() + ".tmp");
    try {
      write(draft, text);
      link(commit, draft);
    } catch (IOException | RuntimeException e) {
      delete(draft);
      throw e;
    }
    // Readers see the version from here on: nothing may say that it failed any more.
    try {
      force(log);
    } catch (IOException e) {
      LOG.warn("Whether commit {} outlives a loss of power is not known: {}", commit, e.toString());
    }
    delete(draft);
  }

  /** Unlike a move, this fails when the commit is there. */
  private static void link(Path commit, Path draft) throws IOException {
    try {
      Files.createLink(commit, draft);
    } catch (FileAlreadyExistsException e) {
      // A network's file system may ask twice, and hear of its own link.
      if (!Files.isSameFile(commit, draft)) {
        throw e;
      }
    }
  }

  private static void delete(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      LOG.warn("The draft of a commit could not be deleted: {}", e.toString());
    }
  }

  /** A directory's entries outlive a loss of power. */
  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void write(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  @Override
  public Optional<InputStream> open(long version) throws IOException {
    try {
      return Optional.of(Files.newInputStream(directory.resolve(TablePlace.commitPath(version))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<ListedFile> log(String from) throws IOException {
    List<ListedFile> files = new ArrayList<>();
    try (Stream<Path> log = Files.list(directory.resolve(DeltaLog.DIRECTORY))) {
      for (Path file : log.toList()) {
        String name = file.getFileName().toString();
        if (name.compareTo(from) >= 0) {
          files.add(
              new ListedFile(name, Files.size(file), Files.getLastModifiedTime(file).toInstant()));
        }
      }
    }
    return files;
  }

  @Override
  public void checkpoint(long version) {
    checkpoints.write(directory, version);
  }
}
