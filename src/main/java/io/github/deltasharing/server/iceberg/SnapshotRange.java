/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.VersionRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;

/**
 * The snapshots of a range of versions. Numbers between versions are allowed as its ends, if they
 * were never versions: a client that asks for what follows a version that was rolled back has rows
 * that are not in the table any more, and no changes take them away. Immutable.
 *
 * @param versions those in the range, the oldest first
 * @param head the first of them; of a range without any, the one before it
 */
record SnapshotRange(List<TableVersion> versions, TableVersion head) {
  /** What a request reads, at most. */
  private static final int MOST_VERSIONS = 10_000;

  static SnapshotRange of(LoadedTable loaded, VersionRange range) {
    Lineage lineage = loaded.lineage();
    TableVersion newest = lineage.head();
    if (newest.snapshot() != null && newest.snapshot().sequenceNumber() == 0) {
      throw loaded
          .table()
          .unsupported(
              "its snapshots have no sequence numbers, so there are no changes of it. Have the table upgraded to format version 2, or read its versions");
    }
    List<TableVersion> versions = new ArrayList<>();
    for (TableVersion version : lineage.versions()) {
      if (version.version() >= range.start() && version.version() <= range.end()) {
        versions.add(version);
      }
    }
    if (versions.size() > MOST_VERSIONS) {
      throw SourceException.invalid(
          "Cannot read changes of %s from version %d to %d: these are more than the %d snapshots of a request. Ask for fewer"
              .formatted(loaded.table().name(), range.start(), range.end(), MOST_VERSIONS));
    }
    Collections.reverse(versions);
    Numbers numbers = new Numbers(loaded, range);
    numbers.requireStart();
    if (!range.isEmpty()) {
      numbers.require(range.end());
    }
    TableVersion head =
        versions.isEmpty()
            ? lineage.versions().stream()
                .filter(version -> version.version() <= range.start())
                .findFirst()
                .orElse(lineage.versions().get(lineage.versions().size() - 1))
            : versions.get(0);
    return new SnapshotRange(
        versions.stream().filter(version -> version.snapshot() != null).toList(), head);
  }

  /** What is known of the numbers of a table's snapshots. */
  private static final class Numbers {
    private final LoadedTable loaded;
    private final VersionRange range;
    private final TableVersion oldest;
    private final boolean rooted;
    private final Set<Long> elsewhere;

    Numbers(LoadedTable loaded, VersionRange range) {
      List<TableVersion> versions = loaded.lineage().versions();
      this.loaded = loaded;
      this.range = range;
      this.oldest = versions.get(versions.size() - 1);
      this.rooted = oldest.snapshot() == null || oldest.snapshot().parentId() == null;
      this.elsewhere = elsewhere(loaded.metadata(), loaded.lineage().ref());
    }

    /** The numbers of snapshots that are known, and known to have never been versions. */
    private static Set<Long> elsewhere(TableMetadata metadata, String ref) {
      Set<Long> ids = new HashSet<>();
      if (ref.equals(SnapshotRef.MAIN_BRANCH)) {
        for (HistoryEntry was : metadata.snapshotLog()) {
          addAncestors(metadata, was.snapshotId(), ids);
        }
      } else {
        for (Map.Entry<String, SnapshotRef> other : metadata.refs().entrySet()) {
          if (!other.getKey().equals(ref)) {
            addAncestors(metadata, other.getValue().snapshotId(), ids);
          }
        }
      }
      // Of the main branch the metadata has a history; of others it is known where they are now.
      boolean main = ref.equals(SnapshotRef.MAIN_BRANCH);
      Set<Long> numbers = new HashSet<>();
      for (Snapshot snapshot : metadata.snapshots()) {
        if (ids.contains(snapshot.snapshotId()) != main) {
          numbers.add(snapshot.sequenceNumber());
        }
      }
      return numbers;
    }

    private static void addAncestors(TableMetadata metadata, long id, Set<Long> ids) {
      Snapshot at = metadata.snapshot(id);
      while (at != null && ids.add(at.snapshotId())) {
        at = at.parentId() == null ? null : metadata.snapshot(at.parentId());
      }
    }

    void requireStart() {
      if (range.start() != oldest.version() || rooted) {
        require(range.start() - 1);
      }
    }

    /** Refuses a number at which there may have been a version that there is no more. */
    void require(long number) {
      Optional<TableVersion> before =
          loaded.lineage().versions().stream()
              .filter(version -> version.version() <= number)
              .findFirst();
      if (before.isEmpty() && !rooted) {
        throw SourceException.invalid(
            "Cannot read changes of %s from version %d on: snapshots before version %d were expired. Start with version %d"
                .formatted(
                    loaded.table().name(), range.start(), oldest.version(), oldest.version()));
      }
      long known = before.map(TableVersion::version).orElse(0L);
      boolean fine = number - known <= elsewhere.size();
      for (long at = known + 1; fine && at <= number; at++) {
        fine = elsewhere.contains(at);
      }
      if (!fine) {
        throw SourceException.invalid(
            ("Cannot read changes of %s from version %d to %d: a snapshot between versions %d and %d was, or may have been, rolled"
                    + " back, so that changes do not lead from its rows to others. Read the table anew, or start with"
                    + " version %d if you have the rows of version %d")
                .formatted(
                    loaded.table().name(),
                    range.start(),
                    range.end(),
                    known,
                    number + 1,
                    known + 1,
                    known));
      }
    }
  }
}
