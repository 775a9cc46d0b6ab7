/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.ListedFile;
import io.github.deltasharing.source.PositionedInput;
import io.github.deltasharing.source.StoredFile;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A table in a directory of this machine. Its URLs lead to this server, which serves the files
 * itself ({@link FilesHandler}). Immutable, safe for use by several threads.
 */
public final class LocalStorage implements SigningStorage {
  private static final String SCHEME = "file:";

  private final SharedTable table;
  private final Path directory;
  private final LocalUrlSigner signer;

  public LocalStorage(SharedTable table, LocalUrlSigner signer) {
    this.table = table;
    this.directory = directory(table);
    this.signer = signer;
  }

  /** Where a table is whose location is a {@code file:} URI. */
  static Path directory(SharedTable table) {
    return Path.of(table.location().getPath());
  }

  @Override
  public Optional<StoredFile> find(String path) {
    try {
      BasicFileAttributes file =
          Files.readAttributes(directory.resolve(path), BasicFileAttributes.class);
      return Optional.of(
          new StoredFile(
              file.size(), file.lastModifiedTime().toInstant(), String.valueOf(file.fileKey())));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<ListedFile> list(String path, String from) throws IOException {
    List<ListedFile> files = new ArrayList<>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(
            directory.resolve(path), file -> name(file).compareTo(from) >= 0)) {
      for (Path file : all) {
        listed(file).ifPresent(files::add);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    files.sort(Comparator.comparing(ListedFile::name));
    return files;
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  /** Empty for one that is gone again. */
  private static Optional<ListedFile> listed(Path file) throws IOException {
    try {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(new ListedFile(name(file), is.size(), is.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public InputStream open(String path) throws IOException {
    return Channels.newInputStream(channel(path));
  }

  @Override
  public PositionedInput openAt(String path) throws IOException {
    return new LocalInput(channel(path));
  }

  private FileChannel channel(String path) throws IOException {
    try {
      return FileChannel.open(directory.resolve(path));
    } catch (NoSuchFileException e) {
      FileNotFoundException missing = new FileNotFoundException(path + " is not there");
      missing.initCause(e);
      throw missing;
    }
  }

  /** By the directory's own name or by that of what it is a link to. */
  @Override
  public Optional<String> relativize(String absolute) {
    if (!absolute.startsWith(SCHEME)) {
      return Optional.empty();
    }
    String absolutePath = absolute.substring(SCHEME.length());
    Optional<String> below = below(directory, absolutePath);
    if (below.isPresent()) {
      return below;
    }
    try {
      return below(directory.toRealPath(), absolutePath);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> below(Path directory, String absolutePath) {
    String start = directory.toString() + "/";
    return absolutePath.startsWith(start)
        ? Optional.of(absolutePath.substring(start.length()))
        : Optional.empty();
  }

  @Override
  public PresignedUrl sign(String path, UrlTerms terms) {
    return new PresignedUrl(signer.sign(table, path, terms), terms.expiry());
  }

  /** An open file. */
  private record LocalInput(FileChannel channel) implements PositionedInput {
    @Override
    public long length() throws IOException {
      return channel.size();
    }

    @Override
    public void readFully(long position, byte[] target, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position() - offset) < 0) {
          throw new EOFException("the file ends before byte " + (position + length));
        }
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
