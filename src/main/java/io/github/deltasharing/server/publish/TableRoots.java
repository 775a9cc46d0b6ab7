/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.publish.delta.Checkpoints;
import io.github.deltasharing.server.publish.delta.DataFileWriter;
import io.github.deltasharing.server.storage.Stores;
import io.github.deltasharing.source.StoreException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories that tables of publications are in: that for new ones, and those of tables that
 * were published when the configuration named another one. Safe for use by several threads.
 */
public final class TableRoots {
  private static final Logger LOG = LoggerFactory.getLogger(TableRoots.class);

  private final URI current;
  private final StagingArea staging;
  private final Stores stores;
  private final Checkpoints checkpoints = new Checkpoints(DataFileWriter.localDisks());
  private final Map<URI, TableRoot> roots = new ConcurrentHashMap<>();

  /**
   * Creates them; nothing is opened yet.
   *
   * @param current where new tables are made
   * @param staging a directory of this machine in which files are written first; that of a local
   *     root has to be on its disk
   * @param stores the stores of roots that are not local
   */
  public TableRoots(URI current, Path staging, Stores stores) {
    this.current = withoutSlash(current);
    this.staging = new StagingArea(staging);
    this.stores = stores;
  }

  /** Where files are written first. */
  Path stagingRoot() {
    return staging.root();
  }

  StagingArea staging() {
    return staging;
  }

  /** The one for new tables. */
  TableRoot current() {
    return root(current);
  }

  /** The one that a table is in. */
  TableRoot of(URI location) {
    String table = withoutSlash(location).toString();
    return root(URI.create(table.substring(0, table.lastIndexOf('/'))));
  }

  private TableRoot root(URI directory) {
    return roots.computeIfAbsent(directory, this::open);
  }

  private TableRoot open(URI directory) {
    return "file".equals(directory.getScheme())
        ? new LocalRoot(Path.of(directory.getPath()).normalize(), checkpoints)
        : new StoredRoot(stores.directory(directory), staging, checkpoints);
  }

  private static URI withoutSlash(URI location) {
    return URI.create(location.toString().replaceFirst("/+$", ""));
  }

  /** Deletes what a server left that was stopped, in all roots that were used since the start. */
  void sweep(Instant now, Predicate<String> published) throws IOException {
    staging.sweep(now);
    current();
    for (TableRoot root : List.copyOf(roots.values())) {
      try {
        root.sweep(now, published);
      } catch (IOException | StoreException e) {
        LOG.warn("What was left of publications is looked at again later: {}", e.getMessage());
      }
    }
  }
}
