/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.defaults.engine.DefaultExpressionHandler;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ExpressionHandler;
import io.delta.kernel.engine.FileReadRequest;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.github.deltasharing.source.PositionedInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * What Kernel makes rows of one data file with: it reads the file's deletion vector, if that is in
 * a file, and nothing else. Immutable.
 *
 * @param table whose file it is
 * @param vector the path of that file below the table's directory
 */
record DataEngine(DeltaTable table, Optional<String> vector) implements Engine, FileSystemClient {
  private static final ExpressionHandler EXPRESSIONS = new DefaultExpressionHandler();

  @Override
  public ExpressionHandler getExpressionHandler() {
    return EXPRESSIONS;
  }

  @Override
  public FileSystemClient getFileSystemClient() {
    return this;
  }

  @Override
  public CloseableIterator<ByteArrayInputStream> readFiles(
      CloseableIterator<FileReadRequest> requests) {
    return requests.map(this::read);
  }

  private ByteArrayInputStream read(FileReadRequest request) {
    try (PositionedInput input = table.storage().openAt(vector.orElseThrow())) {
      byte[] bytes = new byte[request.getReadLength()];
      input.readFully(request.getStartOffset(), bytes, 0, bytes.length);
      return new ByteArrayInputStream(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String resolvePath(String path) {
    return path;
  }

  @Override
  public CloseableIterator<FileStatus> listFrom(String path) {
    return Utils.toCloseableIterator(java.util.Collections.emptyIterator());
  }

  @Override
  public boolean mkdirs(String path) {
    throw new UnsupportedOperationException("Tables are read only");
  }

  @Override
  public boolean delete(String path) {
    throw new UnsupportedOperationException("Tables are read only");
  }

  @Override
  public JsonHandler getJsonHandler() {
    throw new UnsupportedOperationException("Rows are in no JSON file");
  }

  @Override
  public ParquetHandler getParquetHandler() {
    throw new UnsupportedOperationException("Data files are read by DataFileRows");
  }
}
