/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.SourceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;

/**
 * The versions of a table: the snapshots from the head of the shared branch or tag back to the
 * oldest one that was not expired. Snapshots of other branches, and those that were rolled back,
 * are none. Immutable.
 */
final class Lineage {
  private final IcebergTable table;
  private final TableMetadata metadata;
  private final Optional<String> ref;

  /** Newest first. */
  private final List<TableVersion> versions;

  private Lineage(
      IcebergTable table,
      TableMetadata metadata,
      Optional<String> ref,
      List<TableVersion> versions) {
    this.table = table;
    this.metadata = metadata;
    this.ref = ref;
    this.versions = versions;
  }

  static Lineage of(IcebergTable table, TableMetadata metadata, Optional<String> ref) {
    Snapshot head = head(table, metadata, ref);
    List<TableVersion> versions = new ArrayList<>();
    if (head == null) {
      versions.add(TableVersion.empty(metadata.lastUpdatedMillis()));
      return new Lineage(table, metadata, ref, versions);
    }
    Set<Long> seen = new HashSet<>();
    boolean numbered = head.sequenceNumber() > 0;
    for (Snapshot at = head; at != null; at = parent(metadata, at)) {
      if (!seen.add(at.snapshotId())) {
        throw table.unsupported("its snapshots are their own ancestors: the metadata is damaged");
      }
      if (numbered && at.sequenceNumber() == 0) {
        // Written in format version 1, before the upgrade: a number of another kind.
        break;
      }
      TableVersion version = TableVersion.of(at);
      if (!versions.isEmpty() && version.version() >= versions.get(versions.size() - 1).version()) {
        // Only of format version 1, by clocks that differ: which snapshot a version is is unclear.
        break;
      }
      versions.add(version);
    }
    return new Lineage(table, metadata, ref, versions);
  }

  private static Snapshot parent(TableMetadata metadata, Snapshot snapshot) {
    return snapshot.parentId() == null ? null : metadata.snapshot(snapshot.parentId());
  }

  private static Snapshot head(IcebergTable table, TableMetadata metadata, Optional<String> ref) {
    if (ref.isEmpty() || ref.get().equals(SnapshotRef.MAIN_BRANCH)) {
      return metadata.currentSnapshot();
    }
    SnapshotRef named = metadata.ref(ref.get());
    if (named == null) {
      throw SourceException.notFound(
          "Cannot read %s: the table has no branch or tag '%s'. Ask the provider"
              .formatted(table.name(), ref.get()),
          null);
    }
    return metadata.snapshot(named.snapshotId());
  }

  /** All of them, the newest first. */
  List<TableVersion> versions() {
    return Collections.unmodifiableList(versions);
  }

  /** The branch or tag that they are of. */
  String ref() {
    return ref.orElse(SnapshotRef.MAIN_BRANCH);
  }

  /** The newest version. */
  TableVersion head() {
    return versions.get(0);
  }

  /** Whether a version has the table's current schema, whatever its snapshot was written with. */
  boolean isCurrent(TableVersion version) {
    boolean tag = ref.map(metadata::ref).map(SnapshotRef::isTag).orElse(false);
    return version.equals(head()) && !tag;
  }

  /** A version by its number. */
  TableVersion version(long number) {
    return first(version -> version.version() == number).orElseThrow(() -> missing(number));
  }

  private SourceException missing(long number) {
    if (number > head().version()) {
      return SourceException.invalid(
          "Cannot read version %d of %s: its latest version is %d"
              .formatted(number, table.name(), head().version()));
    }
    return SourceException.invalid(
        ("Cannot read version %d of %s: there is no such snapshot in the history of its head. Versions are the sequence"
                + " numbers of snapshots that were neither expired nor rolled back, from %d to %d, not all between them")
            .formatted(number, table.name(), oldest().version(), head().version()));
  }

  private TableVersion oldest() {
    return versions.get(versions.size() - 1);
  }

  /** The version that was the newest at a time. */
  TableVersion asOf(Instant time) {
    if (time.toEpochMilli() <= head().timestamp()) {
      Optional<TableVersion> found = atOrBefore(time);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw SourceException.invalid(
        "Cannot read %s as of %s: the time is before the first or after the latest snapshot that is still there"
            .formatted(table.name(), time));
  }

  /** The newest version at or before a time. */
  Optional<TableVersion> atOrBefore(Instant time) {
    return first(version -> version.timestamp() <= time.toEpochMilli());
  }

  /** The oldest version from which on all are at or after a time. */
  Optional<TableVersion> atOrAfter(Instant time) {
    TableVersion found = null;
    for (TableVersion version : versions) {
      if (Instant.ofEpochMilli(version.timestamp()).isBefore(time)) {
        break;
      }
      found = version;
    }
    return Optional.ofNullable(found);
  }

  private Optional<TableVersion> first(Predicate<TableVersion> test) {
    return versions.stream().filter(test).findFirst();
  }
}
