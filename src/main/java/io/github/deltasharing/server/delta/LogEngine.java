/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.delta;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.ParquetHandler;
import org.apache.hadoop.conf.Configuration;

/**
 * Kernel's engine for the log of one table, which reads logs as Delta Lake does: blank lines count
 * for nothing, one file has one spelling ({@link LogPaths#canonical}), and types of columns that
 * Kernel cannot parse but that no file has do not stop it ({@link KernelSchema}). What is wrong
 * with a log comes as a {@link LogDefect}. Immutable, safe for use by several threads.
 */
final class LogEngine extends DefaultEngine {
  private static final Configuration CONFIGURATION = configuration();

  private final JsonHandler json;
  private final ParquetHandler parquet;

  LogEngine(DeltaTable table) {
    super(CONFIGURATION);
    this.json = new LogJsonHandler(CONFIGURATION, table);
    this.parquet = new LogParquetHandler(CONFIGURATION, table);
  }

  /**
   * Local files without Hadoop's checksums: a {@code .crc} beside a file says what some writer once
   * put there, and is left behind when another one replaces the file. Commits are JSON and
   * checkpoints Parquet, which show damage themselves. A file system of the JVM's cache would have
   * the checksums.
   */
  private static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    configuration.setBoolean("fs.file.impl.disable.cache", true);
    return configuration;
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
