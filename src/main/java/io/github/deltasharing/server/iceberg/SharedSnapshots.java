/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.server.share.SharedTable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;

/**
 * The snapshots of one state of a table that recipients may read. Immutable.
 *
 * @param head the one that is the current one to them; empty of a table without any
 * @param all the head and those before it, newest first
 * @param whole whether these are all that the metadata has, and its current one is the head
 * @param schemaId of the head, if that is not the table's: of a tag
 */
record SharedSnapshots(
    Optional<Snapshot> head, List<Snapshot> all, boolean whole, Optional<Integer> schemaId) {

  /**
   * Those of an Iceberg table: of its versions, which its snapshots are.
   *
   * @param ref the branch or tag that is shared; empty for the main branch
   */
  static SharedSnapshots of(
      SharedTable shared, TableMetadata metadata, Lineage lineage, Optional<String> ref) {
    List<Snapshot> all =
        lineage.versions().stream()
            .filter(version -> version.snapshot() != null)
            .filter(
                version ->
                    version.equals(lineage.head())
                        || shared.historyShared() && version.version() >= shared.startVersion())
            .map(TableVersion::snapshot)
            .toList();
    boolean tag = ref.map(metadata::ref).map(SnapshotRef::isTag).orElse(false);
    return of(metadata, all, tag);
  }

  /** Those of a Delta table, whose versions have other numbers: all, or the newest one. */
  static SharedSnapshots ofDelta(SharedTable shared, TableMetadata metadata, Lineage lineage) {
    List<Snapshot> all =
        lineage.versions().stream()
            .map(TableVersion::snapshot)
            .filter(snapshot -> snapshot != null)
            .toList();
    boolean history = shared.historyShared() && shared.startVersion() == 0;
    return of(metadata, history || all.isEmpty() ? all : all.subList(0, 1), false);
  }

  private static SharedSnapshots of(TableMetadata metadata, List<Snapshot> all, boolean tag) {
    Optional<Snapshot> head = all.stream().findFirst();
    boolean current =
        head.map(Snapshot::snapshotId)
            .equals(Optional.ofNullable(metadata.currentSnapshot()).map(Snapshot::snapshotId));
    return new SharedSnapshots(
        head,
        all,
        current && all.size() == metadata.snapshots().size(),
        head.filter(any -> tag).map(Snapshot::schemaId));
  }

  Set<Long> ids() {
    return all.stream().map(Snapshot::snapshotId).collect(Collectors.toSet());
  }
}
