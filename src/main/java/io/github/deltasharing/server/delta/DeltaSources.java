/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.delta;

import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.TableStorages;
import io.github.deltasharing.server.table.TableSource;
import io.github.deltasharing.server.table.TableSources;

/** Opens Delta tables; keeps the latest snapshots of those that were used last. Thread-safe. */
public final class DeltaSources implements TableSources {
  private final TableStorages storages;
  private final SnapshotCache cache;
  private final LogWeights weights = new LogWeights();

  public DeltaSources(TableStorages storages, ServerSettings settings) {
    this.storages = storages;
    this.cache = new SnapshotCache(settings);
  }

  @Override
  public TableSource open(SharedTable table) {
    return new DeltaSource(new DeltaTable(table, storages.of(table)), cache, weights);
  }
}
