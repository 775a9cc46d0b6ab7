/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.util.List;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotParser;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The manifests of a version, and Iceberg's plan of its files, up to what a server reads for one
 * request. Safe for use by several threads.
 */
final class VersionPlan {
  private static final int MOST_MANIFESTS = 50_000;
  private static final long MOST_MANIFEST_BYTES = 4L << 30;

  /** All of them are in memory while files are planned. */
  private static final long MOST_DELETE_FILES = 500_000;

  private final LoadedTable loaded;
  private final Snapshot snapshot;
  private final TableFileIo io;

  VersionPlan(LoadedTable loaded, TableVersion version) {
    this.loaded = loaded;
    this.snapshot = version.snapshot() == null ? null : copy(version.snapshot());
    this.io = new TableFileIo(loaded.table());
  }

  /**
   * A snapshot keeps its manifests once it has read them: the one of a request does, others not.
   */
  private static Snapshot copy(Snapshot kept) {
    return kept.manifestListLocation() == null
        ? kept
        : SnapshotParser.fromJson(SnapshotParser.toJson(kept));
  }

  /** Whether rows of data files are deleted, or may be. */
  boolean hasDeletes() {
    return snapshot != null
        && IcebergFailures.reading(
            loaded.table(), () -> !checked(snapshot.deleteManifests(io)).isEmpty());
  }

  /** The manifests of data files; none of a table without a snapshot. */
  List<ManifestFile> dataManifests() {
    return snapshot == null ? List.of() : checked(snapshot.dataManifests(io));
  }

  /** The manifests of deletes; none of a table without a snapshot. */
  List<ManifestFile> deleteManifests() {
    return snapshot == null ? List.of() : checked(snapshot.deleteManifests(io));
  }

  /** Reads them. */
  TableFileIo io() {
    return io;
  }

  /** The data files, each with the deletes that apply to it. */
  CloseableIterable<FileScanTask> files() {
    if (snapshot.keyId() != null) {
      throw loaded.table().unsupported("its manifests are encrypted");
    }
    checked(snapshot.dataManifests(io));
    long deletes = 0;
    for (ManifestFile manifest : checked(snapshot.deleteManifests(io))) {
      deletes += count(manifest.addedFilesCount()) + count(manifest.existingFilesCount());
    }
    if (deletes > MOST_DELETE_FILES) {
      throw PositionDeleteReader.tooMuch(
          loaded.table(), "it has more than %d files of deletes".formatted(MOST_DELETE_FILES));
    }
    return loaded
        .icebergTable(io, snapshot)
        .newScan()
        .useSnapshot(snapshot.snapshotId())
        .includeColumnStats()
        .ignoreResiduals()
        .planWith(loaded.planning())
        .planFiles();
  }

  private List<ManifestFile> checked(List<ManifestFile> manifests) {
    long bytes = 0;
    for (ManifestFile manifest : manifests) {
      bytes += manifest.length();
      if (manifest.keyMetadata() != null) {
        throw loaded.table().unsupported("its manifests are encrypted");
      }
    }
    if (manifests.size() > MOST_MANIFESTS || bytes > MOST_MANIFEST_BYTES) {
      throw loaded
          .table()
          .unsupported(
              "it has more than %d manifests, or %d GiB of them. Have them rewritten (rewrite_manifests)"
                  .formatted(MOST_MANIFESTS, MOST_MANIFEST_BYTES >> 30));
    }
    return manifests;
  }

  private static int count(Integer files) {
    return files == null ? 0 : files;
  }
}
