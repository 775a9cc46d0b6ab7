/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import io.delta.kernel.Table;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.exceptions.CheckpointAlreadyExistsException;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a checkpoint of a table with each tenth version, by Kernel, so that readers of a table
 * that is added to for years read some commits and not all. Safe for use by several threads.
 */
public final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final int EVERY = 10;

  private final Configuration configuration;

  /**
   * Creates it.
   *
   * @param configuration the file systems that it may use
   */
  public Checkpoints(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Writes a checkpoint if a version that was committed is to have one. */
  public static void after(TablePlace place, long version) {
    if (version > 0 && version % EVERY == 0) {
      place.checkpoint(version);
    }
  }

  /** Writes a checkpoint; the table is whole without. */
  void write(Path table, long version) {
    try {
      DefaultEngine engine = DefaultEngine.create(configuration);
      Table.forPath(engine, table.toString()).checkpoint(engine, version);
    } catch (CheckpointAlreadyExistsException e) {
      LOG.debug("Another writer wrote the checkpoint", e);
    } catch (IOException | RuntimeException e) {
      LOG.warn("No checkpoint of version {} could be written: {}", version, e.toString());
    }
  }
}
