/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.github.deltasharing.protocol.ChangeFile.Kind;
import io.github.deltasharing.source.StoredVector;
import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.index.FileChanges;
import io.github.deltasharing.source.index.IndexBuild;
import io.github.deltasharing.source.index.IndexedFiles;
import io.github.deltasharing.source.index.IndexedVector;
import java.io.IOException;
import java.util.Optional;

/**
 * Applies commits to the files of an earlier version, as a replay of the log does: the newest
 * commit first, and what a newer one added or removed counts for nothing in older ones. Gives up on
 * whatever is not plain: a replay decides then. Used by one thread.
 */
final class IndexUpdate {
  private final DeltaTable table;
  private final IndexBuild building;

  /** What newer commits added or removed. */
  private final FileChanges changes = new FileChanges();

  /** The same of the commit that is read. */
  private FileChanges own;

  private boolean plain = true;

  private IndexUpdate(DeltaTable table, IndexBuild building) {
    this.table = table;
    this.building = building;
  }

  /**
   * Adds the files of the commits' last version to an index.
   *
   * @param commits all after the earlier version
   * @param earlier its files
   * @return whether all of them were added
   */
  static boolean apply(CommitReader commits, IndexedFiles earlier, IndexBuild building)
      throws IOException {
    IndexUpdate update = new IndexUpdate(commits.table(), building);
    for (long version = commits.end(); version >= commits.start() && update.plain; version--) {
      update.own = new FileChanges();
      commits.read(version, version, update::read);
      update.changes.addAll(update.own);
    }
    return update.plain && building.addRest(earlier, update.changes).isPresent();
  }

  private boolean read(CommitBatch batch) {
    for (int row = 0; row < batch.size() && plain; row++) {
      plain = batch.protocol(row).isEmpty() && batch.file(row).map(this::read).orElse(true);
    }
    return plain;
  }

  private boolean read(CommitBatch.FileAction action) {
    if (action.kind() != Kind.ADD && action.kind() != Kind.REMOVE) {
      return true;
    }
    String path = LogPaths.relative(table, action.path());
    Optional<DeletionVectorDescriptor> vector = action.deletionVector();
    IndexedVector fields = vector.map(LogVectors::fields).orElse(null);
    if (!own.add(path, fields)) {
      return false;
    }
    if (action.kind() == Kind.REMOVE || changes.has(path, fields)) {
      return true;
    }
    if (!action.isComplete()) {
      return false;
    }
    return building.add(
        new TableFile(
            path,
            action.partitionValues().orElseThrow(),
            action.size().orElseThrow(),
            action.time().orElseThrow(),
            action.dataChange(),
            action.stats(),
            vector.<StoredVector>map(descriptor -> new LogVector(table, descriptor))));
  }
}
