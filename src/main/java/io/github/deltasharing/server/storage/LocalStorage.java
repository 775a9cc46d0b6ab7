/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.share.SharedTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table in a directory of this machine. Its URLs lead to this server, which serves the files
 * itself ({@link FilesHandler}). Immutable, safe for use by several threads.
 */
public final class LocalStorage implements TableStorage {
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
  public List<String> list(String path) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve(path))) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  @Override
  public InputStream open(String path) throws IOException {
    return Files.newInputStream(directory.resolve(path));
  }

  /** By the directory's own name or by that of what it is a link to. */
  @Override
  public Optional<String> relativize(String absolutePath) {
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
}
