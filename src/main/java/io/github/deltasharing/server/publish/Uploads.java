/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.UploadBody;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that were uploaded and are not yet a table: in a directory beside the tables, so that
 * several servers see them, for an hour. Safe for use by several threads.
 */
public final class Uploads {
  private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);
  private static final Duration KEPT = Duration.ofHours(1);
  private static final String ID = "[0-9a-f-]{36}";
  private static final String OWNER = ".owner";
  private static final String INFLATED = ".inflated";
  private static final long CHECK_EVERY = 8L << 20;

  private final Path directory;
  private final long mostBytes;
  private final Disk disk;
  private final Clock clock;

  Uploads(Path directory, long mostBytes, Disk disk, Clock clock) {
    this.directory = directory;
    this.mostBytes = mostBytes;
    this.disk = disk;
    this.clock = clock;
  }

  /**
   * A file that is whole. Immutable.
   *
   * @param id what its sender knows it by
   * @param path where it is
   * @param bytes its length
   */
  record Upload(String id, Path path, long bytes) {}

  /** A file that comes. Used by one thread at a time; its user finishes it or drops it. */
  public final class Incoming implements UploadBody.Sink {
    private final String id = UUID.randomUUID().toString();
    private final Path path = directory.resolve(id);
    private final String owner;
    private final FileChannel channel;
    private long bytes;
    private long checkAt = CHECK_EVERY;

    private Incoming(String owner) throws IOException {
      this.owner = owner;
      this.channel =
          FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void write(ByteBuffer more) throws IOException {
      bytes += more.remaining();
      if (bytes > mostBytes) {
        throw tooLong();
      }
      if (bytes >= checkAt) {
        checkAt = bytes + CHECK_EVERY;
        disk.check();
      }
      try {
        while (more.hasRemaining()) {
          channel.write(more);
        }
      } catch (IOException e) {
        throw Disk.refusal(e);
      }
    }

    /**
     * The file, which stays until it is dropped or its hour is over. What was compressed is
     * inflated.
     */
    Upload finish(Runnable alive) throws IOException {
      channel.close();
      GzipFile gzip = new GzipFile(path, mostBytes, disk);
      if (gzip.isCompressed()) {
        Path inflated = directory.resolve(id + INFLATED);
        bytes = gzip.inflate(inflated, alive);
        Files.move(inflated, path, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.writeString(directory.resolve(id + OWNER), owner, StandardCharsets.UTF_8);
      return new Upload(id, path, bytes);
    }

    /** Deletes what came of it. */
    public void drop() {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.debug("An upload was not closed", e);
      }
      delete(id);
    }
  }

  /**
   * Begins to take a file.
   *
   * @param owner who alone may use it
   * @param announced its length; negative if that is unknown
   * @throws ServerError 413 when it is too long, 507 when there is no room for it
   */
  public Incoming begin(String owner, long announced) {
    if (announced > mostBytes) {
      throw tooLong();
    }
    disk.check(Math.max(0, announced));
    try {
      Files.createDirectories(directory);
      sweep();
      return new Incoming(owner);
    } catch (IOException e) {
      throw Disk.refusal(e);
    }
  }

  private ServerError tooLong() {
    return tooLong("", mostBytes);
  }

  static ServerError tooLong(String when, long mostBytes) {
    return new ServerError(
        413,
        ServerError.INVALID_PARAMETER_VALUE,
        "The file is %slonger than %,d bytes. Publish it in parts, or raise the server's"
                .formatted(when, mostBytes)
            + " publicationUploadBytes");
  }

  /**
   * A file that was uploaded before.
   *
   * @throws ServerError 404 when it is not there any more, or somebody else's
   */
  Upload require(String id, String owner) {
    Path path = directory.resolve(id.matches(ID) ? id : "none");
    try {
      if (id.matches(ID) && Files.readString(directory.resolve(id + OWNER)).equals(owner)) {
        // It is not swept while it is read.
        Files.setLastModifiedTime(path, FileTime.from(clock.instant()));
        return new Upload(id, path, Files.size(path));
      }
    } catch (NoSuchFileException e) {
      LOG.debug("An upload is gone", e);
    } catch (IOException e) {
      throw Disk.refusal(e);
    }
    throw ServerError.notFound(
        "There is no upload of this id (any more): it is kept for an hour. Send the file again");
  }

  void drop(Upload upload) {
    delete(upload.id());
  }

  private void delete(String id) {
    for (String name : List.of(id, id + OWNER, id + INFLATED)) {
      try {
        Files.deleteIfExists(directory.resolve(name));
      } catch (IOException e) {
        LOG.warn("An upload could not be deleted: {}", e.toString());
      }
    }
  }

  /** Deletes what nobody used. */
  void sweep() throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Instant oldest = clock.instant().minus(KEPT);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Optional<Instant> modified = modified(file);
        if (modified.isPresent() && modified.get().isBefore(oldest)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static Optional<Instant> modified(Path file) {
    try {
      return Optional.of(Files.getLastModifiedTime(file).toInstant());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
