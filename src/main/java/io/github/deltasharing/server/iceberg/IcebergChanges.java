/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.server.iceberg.CommitManifests.Live;
import io.github.deltasharing.source.ChangeVisitor;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.TableChanges;
import io.github.deltasharing.source.TableSnapshot;
import io.github.deltasharing.source.VersionRange;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.iceberg.Snapshot;

/**
 * The changes that a range of a table's snapshots made. That each can be told is found out before
 * the first is; manifests are read again then. Used by one thread.
 *
 * @param range the snapshots, those that wrote the same rows anew included
 * @param head the first version
 * @param readerFeatures of all of them
 * @param schemas the versions with another schema than the one before, by their numbers
 */
record IcebergChanges(
    LoadedTable loaded,
    SnapshotRange range,
    TableSnapshot head,
    Set<String> readerFeatures,
    Map<Long, TableSnapshot> schemas)
    implements TableChanges {
  private static final String DELETION_VECTORS = "deletionVectors";

  static IcebergChanges of(LoadedTable loaded, VersionRange versions) {
    SnapshotRange range = SnapshotRange.of(loaded, versions);
    TableSnapshot head = loaded.snapshot(range.head());
    Set<String> features = new LinkedHashSet<>(head.protocol().readerFeatures());
    Map<Long, TableSnapshot> schemas = new LinkedHashMap<>();
    int schema = IcebergSnapshot.schema(loaded, range.head()).schemaId();
    for (TableVersion version : range.versions()) {
      int id = IcebergSnapshot.schema(loaded, version).schemaId();
      if (id != schema) {
        TableSnapshot changed = loaded.snapshot(version);
        schemas.put(version.version(), changed);
        features.addAll(changed.protocol().readerFeatures());
        schema = id;
      }
    }
    if (IcebergFailures.reading(loaded.table(), () -> check(loaded, range))) {
      features.add(DELETION_VECTORS);
    }
    return new IcebergChanges(loaded, range, head, features, schemas);
  }

  /** Refuses what cannot be told; returns whether rows are deleted in files. */
  private static boolean check(LoadedTable loaded, SnapshotRange range) {
    boolean deletes = false;
    Live live = null;
    for (TableVersion version : range.versions()) {
      if (live == null) {
        live = before(loaded, version);
        deletes = live != null && live.deletes() > 0;
      }
      CommitManifests manifests = new CommitManifests(loaded, version);
      if (!CommitManifests.isRewrite(version)) {
        manifests.check(live);
      }
      live = manifests.live();
      deletes |= manifests.hasDeletes();
    }
    return deletes;
  }

  private static Live before(LoadedTable loaded, TableVersion version) {
    if (version.snapshot().parentId() == null) {
      return Live.NOTHING;
    }
    TableVersion parent = parent(loaded, version);
    return parent == null ? null : new CommitManifests(loaded, parent).live();
  }

  /** Null where there is none, or none any more. */
  private static TableVersion parent(LoadedTable loaded, TableVersion version) {
    Long id = version.snapshot().parentId();
    Snapshot parent = id == null ? null : loaded.metadata().snapshot(id);
    return parent == null ? null : TableVersion.of(parent);
  }

  @Override
  public Optional<TableChanges> plain() {
    Map<Long, TableSnapshot> plain = new LinkedHashMap<>();
    schemas.forEach(
        (version, changed) -> changed.plain().ifPresent(found -> plain.put(version, found)));
    return readerFeatures.contains(DELETION_VECTORS) || plain.size() < schemas.size()
        ? Optional.empty()
        : head.plain().map(first -> new IcebergChanges(loaded, range, first, Set.of(), plain));
  }

  @Override
  public Protocol protocol(TableSnapshot first) {
    Protocol protocol = first.protocol();
    Set<String> reader = new LinkedHashSet<>(protocol.readerFeatures());
    reader.addAll(readerFeatures);
    Set<String> writer = new LinkedHashSet<>(protocol.writerFeatures());
    writer.addAll(readerFeatures);
    return IcebergSnapshot.protocol(reader, writer);
  }

  /** All snapshots that can be told are changes. */
  @Override
  public OptionalLong firstWithoutFeed() {
    return OptionalLong.empty();
  }

  @Override
  public void visit(boolean feed, long fromVersion, int fromPosition, ChangeVisitor visitor)
      throws IOException {
    if (fromPosition > 0
        && range.versions().stream().noneMatch(version -> version.version() == fromVersion)) {
      throw SourceException.invalid(
          "Cannot read more changes of %s: version %d, in which the last page ended, was rolled back or expired. Read the table anew"
              .formatted(loaded.table().name(), fromVersion));
    }
    for (TableVersion version : range.versions()) {
      if (version.version() < fromVersion) {
        continue;
      }
      int skip = version.version() == fromVersion ? fromPosition : 0;
      TableSnapshot changed = schemas.get(version.version());
      if (changed != null && skip == 0) {
        visitor.metadata(changed.metadata(), version.version());
      }
      if (!CommitManifests.isRewrite(version)
          && !new CommitChanges(loaded, version, parent(loaded, version), skip, visitor).visit()) {
        return;
      }
    }
  }
}
