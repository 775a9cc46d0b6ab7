/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.engine.FileReadRequest;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.github.deltasharing.source.ListedFile;
import io.github.deltasharing.source.PositionedInput;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The files of one table's log as Kernel names them, in the table's store. Only reads. Immutable,
 * safe for use by several threads.
 */
final class LogFileSystem implements FileSystemClient {
  private final DeltaTable table;
  private final String root;

  LogFileSystem(DeltaTable table) {
    this.table = table;
    this.root = table.path() + "/";
  }

  @Override
  public CloseableIterator<FileStatus> listFrom(String path) throws IOException {
    String file = relative(path);
    int slash = file.lastIndexOf('/');
    String directory = slash < 0 ? "" : file.substring(0, slash);
    List<ListedFile> listed = table.storage().list(directory, file.substring(slash + 1));
    if (listed.isEmpty() && table.storage().list(directory, "").isEmpty()) {
      throw new FileNotFoundException(directory + " is not there");
    }
    String above = path.substring(0, path.lastIndexOf('/') + 1);
    return Utils.toCloseableIterator(listed.iterator())
        .map(
            one ->
                FileStatus.of(above + one.name(), one.size(), one.lastModified().toEpochMilli()));
  }

  /** Kernel's names are the whole path already. */
  @Override
  public String resolvePath(String path) {
    return path;
  }

  InputStream open(String path) throws IOException {
    return table.storage().open(relative(path));
  }

  PositionedInput openAt(String path) throws IOException {
    return table.storage().openAt(relative(path));
  }

  private String relative(String path) throws IOException {
    if (!path.startsWith(root)) {
      throw new IOException("Delta Kernel asks for a file outside the table's directory");
    }
    return path.substring(root.length());
  }

  /** For deletion vectors, which Kernel is not asked to read. */
  @Override
  public CloseableIterator<ByteArrayInputStream> readFiles(
      CloseableIterator<FileReadRequest> requests) {
    throw new UnsupportedOperationException("Deletion vectors are not read here");
  }

  @Override
  public boolean mkdirs(String path) {
    throw new UnsupportedOperationException("Tables are read only");
  }

  @Override
  public boolean delete(String path) {
    throw new UnsupportedOperationException("Tables are read only");
  }
}
