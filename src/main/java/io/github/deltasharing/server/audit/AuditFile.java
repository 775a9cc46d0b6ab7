/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.audit;

import io.github.deltasharing.server.store.DataDirectory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of lines that only its user can read. At the end of a day (UTC), and when it is long, it
 * gets a name with the time, and another one begins; the oldest of many are deleted. What cannot be
 * written is counted, and what is broken off is taken back, so that each line is a whole one. Where
 * another server has the file, this one takes the next with a number. Safe for use by several
 * threads.
 */
final class AuditFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);
  private static final int MOST_SERVERS = 100;
  private static final long RETRY_MILLIS = 1_000;
  private static final long PAUSE_MILLIS = 60_000;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Path path;
  private final long mostBytes;
  private final int mostFiles;
  private final Clock clock;

  private Path current;
  private Object identity;
  private RandomAccessFile file;
  private LocalDate day;
  private long lost;
  private long closedUntil = Long.MIN_VALUE;
  private long warned = Long.MIN_VALUE;
  private long looked;
  private long unmoved = Long.MIN_VALUE;

  /**
   * A file that is made with the first line.
   *
   * @param mostBytes when another one begins
   * @param mostFiles how many older ones are kept
   */
  AuditFile(Path path, long mostBytes, int mostFiles, Clock clock) {
    this.path = path.toAbsolutePath();
    this.mostBytes = mostBytes;
    this.mostFiles = mostFiles;
    this.clock = clock;
  }

  /**
   * Writes a line.
   *
   * @return how many lines before it could not be written and were not yet told of; 0 if this one
   *     cannot be written either
   */
  synchronized long write(String line) {
    return write(line, 0);
  }

  /**
   * Writes a line that tells of others.
   *
   * @param told how many it tells of: they count as before if it cannot be written
   */
  synchronized long write(String line, long told) {
    long now = clock.millis();
    try {
      open(now);
      append((line + "\n").getBytes(StandardCharsets.UTF_8));
      long before = lost;
      lost = 0;
      return before;
    } catch (IOException | RuntimeException e) {
      lost += told == 0 ? 1 : told;
      warn("The audit cannot be written: " + lost + " lines are not in it", e);
      return 0;
    }
  }

  /** Once a minute. */
  private void warn(String what, Exception cause) {
    long now = clock.millis();
    if (warned == Long.MIN_VALUE || Math.abs(now - warned) >= PAUSE_MILLIS) {
      warned = now;
      LOG.warn("{}. File {}: {}", what, current == null ? path : current, cause.toString());
    }
  }

  private void open(long now) throws IOException {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    if (file != null && Math.abs(now - looked) >= RETRY_MILLIS) {
      looked = now;
      if (!Objects.equals(identity, identity(current))) {
        // Somebody took it away, and may have made another one: what is written to it would be seen
        // by nobody.
        closeFile();
      }
    }
    if (file != null && (file.length() >= mostBytes || !today.equals(day))) {
      rotate();
    }
    if (file != null) {
      return;
    }
    if (closedUntil != Long.MIN_VALUE && Math.abs(closedUntil - now) <= RETRY_MILLIS) {
      throw new IOException("it could not be opened a moment ago");
    }
    closedUntil = now;
    DataDirectory.prepare(path.getParent());
    for (int number = 1; number <= MOST_SERVERS && file == null; number++) {
      file = tryOpen(number == 1 ? path : numbered(number));
    }
    if (file == null) {
      throw new IOException("others have it");
    }
    closedUntil = Long.MIN_VALUE;
    day = today;
    rotateIfOld(today);
  }

  /** A file of an earlier start may be one of an earlier day. */
  private void rotateIfOld(LocalDate today) throws IOException {
    if (file.length() > 0) {
      day = LocalDate.ofInstant(Files.getLastModifiedTime(current).toInstant(), ZoneOffset.UTC);
      if (day.isBefore(today)) {
        rotate();
        if (file == null) {
          file = tryOpen(current);
        }
        if (file == null) {
          throw new IOException("another server took it");
        }
      }
      day = today;
    }
  }

  private RandomAccessFile tryOpen(Path candidate) throws IOException {
    boolean made = !Files.exists(candidate);
    if (made && candidate.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try {
        Files.createFile(
            candidate,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } catch (java.nio.file.FileAlreadyExistsException e) {
        // Another server was faster.
        LOG.debug("{} is there by now", candidate, e);
      }
    }
    RandomAccessFile opened = new RandomAccessFile(candidate.toFile(), "rw");
    try {
      // Far behind the file's end, so that it can be read wherever locks keep readers away.
      FileLock lock = opened.getChannel().tryLock(Long.MAX_VALUE - 1, 1, false);
      if (lock == null) {
        opened.close();
        return null;
      }
    } catch (OverlappingFileLockException e) {
      opened.close();
      return null;
    } catch (IOException e) {
      LOG.debug("There are no locks on {}", candidate, e);
      if (!opened.getChannel().isOpen()) {
        throw e;
      }
    }
    current = candidate;
    identity = identity(candidate);
    endLine(opened);
    return opened;
  }

  /** Which file has a name now; null if none has. */
  private static Object identity(Path path) {
    try {
      Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      // Where files have no keys, that there is one is all there is to know.
      return key == null ? "a file" : key;
    } catch (IOException e) {
      return null;
    }
  }

  /** What a crash broke off is no part of the next line. */
  private static void endLine(RandomAccessFile opened) throws IOException {
    long length = opened.length();
    if (length > 0) {
      opened.seek(length - 1);
      if (opened.read() != '\n') {
        opened.write('\n');
      }
    }
  }

  private Path numbered(int number) {
    String name = path.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot <= 0
        ? path.resolveSibling(name + "-" + number)
        : path.resolveSibling(name.substring(0, dot) + "-" + number + name.substring(dot));
  }

  private void append(byte[] line) throws IOException {
    // Somebody may have cut it; a file of this class is not closed by a thread's interruption.
    long length = file.length();
    try {
      file.seek(length);
      file.write(line);
    } catch (IOException e) {
      try {
        file.setLength(length);
      } catch (IOException cut) {
        e.addSuppressed(cut);
        closeFile();
      }
      throw e;
    }
  }

  private void rotate() {
    if (unmoved != Long.MIN_VALUE && Math.abs(clock.millis() - unmoved) < PAUSE_MILLIS) {
      return;
    }
    String name = current.getFileName().toString();
    int dot = name.lastIndexOf('.') <= 0 ? name.length() : name.lastIndexOf('.');
    String stamp = STAMP.format(clock.instant());
    Path aside = current.resolveSibling(name.substring(0, dot) + "." + stamp + name.substring(dot));
    for (int i = 2; Files.exists(aside); i++) {
      aside =
          current.resolveSibling(
              name.substring(0, dot) + "." + stamp + "-" + i + name.substring(dot));
    }
    try {
      Files.move(current, aside);
      closeFile();
      deleteOldest(name.substring(0, dot), name.substring(dot));
    } catch (IOException e) {
      unmoved = clock.millis();
      warn("The audit's file cannot be renamed, or older ones not be deleted", e);
    }
  }

  private void deleteOldest(String start, String end) throws IOException {
    try (Stream<Path> siblings = Files.list(current.getParent())) {
      List<Path> old =
          siblings
              .filter(
                  file -> {
                    String name = file.getFileName().toString();
                    return name.startsWith(start + ".")
                        && name.endsWith(end)
                        && name.length() > start.length() + end.length() + 1
                        && name.substring(start.length() + 1).matches("\\d{8}T\\d{6}\\..*");
                  })
              .sorted()
              .toList();
      for (Path file : old.subList(0, Math.max(0, old.size() - mostFiles))) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void closeFile() {
    try {
      file.close();
    } catch (IOException e) {
      LOG.debug("{} was not closed", current, e);
    }
    file = null;
  }

  @Override
  public synchronized void close() {
    if (file != null) {
      closeFile();
    }
  }
}
