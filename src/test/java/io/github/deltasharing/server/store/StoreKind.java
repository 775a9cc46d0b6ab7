/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import io.github.deltasharing.server.config.DatabaseConfig;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.PostgresServer;
import java.nio.file.Path;
import java.util.Optional;

/** The databases that a store may be in. */
public enum StoreKind {
  H2 {
    @Override
    public DatabaseConfig config(Path directory) {
      return ShareConfig.builder().data(directory).build().provider().orElseThrow().database();
    }
  },
  POSTGRESQL {
    @Override
    public DatabaseConfig config(Path directory) {
      return new DatabaseConfig(
          PostgresServer.shared().newDatabase(),
          Optional.of(PostgresServer.USER),
          Optional.of(PostgresServer.PASSWORD));
    }
  };

  /** An empty one. */
  public abstract DatabaseConfig config(Path directory);
}
