/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.github.deltasharing.source.TableSource;
import io.github.deltasharing.source.TableStorage;
import io.github.deltasharing.source.index.IndexCache;
import java.net.URI;

/** Opens Delta tables; keeps the latest snapshots of those that were used last. Thread-safe. */
public final class DeltaSources {
  private final SnapshotCache cache;
  private final LogWeights weights = new LogWeights();
  private final LogIndexes indexes;

  /**
   * @param keptTables of how many tables the latest snapshot is kept
   * @param stalenessAcceptable whether a kept snapshot may be some seconds old without a look for
   *     new commits
   */
  public DeltaSources(int keptTables, boolean stalenessAcceptable) {
    this(keptTables, stalenessAcceptable, new IndexCache(0));
  }

  /**
   * As above, with the files of versions in memory.
   *
   * @param indexes where these are kept
   */
  public DeltaSources(int keptTables, boolean stalenessAcceptable, IndexCache indexes) {
    this.cache = new SnapshotCache(keptTables, stalenessAcceptable);
    this.indexes = new LogIndexes(indexes);
  }

  /**
   * The versions of a table; nothing is read yet.
   *
   * @param name as messages and logs name the table
   * @param location the table's directory: an absolute URI, without a slash at its end
   * @param storage what the directory is read from
   */
  public TableSource open(String name, URI location, TableStorage storage) {
    return new DeltaSource(new DeltaTable(name, location, storage), cache, weights, indexes);
  }
}
