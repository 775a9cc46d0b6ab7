/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.defaults.engine.DefaultExpressionHandler;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ExpressionHandler;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.ParquetHandler;

/**
 * Kernel's engine for the log of one table, which reads whatever the table's store has, and reads
 * it as Delta Lake does: blank lines count for nothing, one file has one spelling ({@link
 * LogPaths#canonical}), and types of columns that Kernel cannot parse but that no file has do not
 * stop it ({@link KernelSchema}). What is wrong with a log comes as a {@link LogDefect}. Immutable,
 * safe for use by several threads.
 */
final class LogEngine implements Engine {
  private final ExpressionHandler expressions = new DefaultExpressionHandler();
  private final LogFileSystem files;
  private final JsonHandler json;
  private final ParquetHandler parquet;

  LogEngine(DeltaTable table) {
    this.files = new LogFileSystem(table);
    this.json = new LogJsonHandler(table, files);
    this.parquet = new LogParquetHandler(table, files);
  }

  @Override
  public ExpressionHandler getExpressionHandler() {
    return expressions;
  }

  @Override
  public FileSystemClient getFileSystemClient() {
    return files;
  }

  @Override
  public JsonHandler getJsonHandler() {
    return json;
  }

  @Override
  public ParquetHandler getParquetHandler() {
    return parquet;
  }
}
