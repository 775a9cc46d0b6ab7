/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;

/**
 * What a snapshot did, as far as its manifests say it, and whether that is all of it. Used by one
 * thread.
 */
final class CommitManifests {
  /** Of one manifest, compressed; they are in memory together. */
  private static final long MOST_REMOVED_BYTES = 32L << 20;

  private static final int MOST_DELETE_FILES = 100_000;

  private final LoadedTable loaded;
  private final TableVersion version;
  private final TableFileIo io;
  private final List<ManifestFile> data;
  private final List<ManifestFile> deletes;

  /** How many files there are at a version, and whether there may be equality deletes. */
  record Live(long data, long deletes, boolean equalityDeletes) {
    static final Live NOTHING = new Live(0, 0, false);
  }

  CommitManifests(LoadedTable loaded, TableVersion version) {
    VersionPlan plan = new VersionPlan(loaded, version);
    this.loaded = loaded;
    this.version = version;
    this.io = plan.io();
    this.data = plan.dataManifests();
    this.deletes = plan.deleteManifests();
  }

  /** Whether the same rows were written anew. */
  static boolean isRewrite(TableVersion version) {
    return DataOperations.REPLACE.equals(version.snapshot().operation());
  }

  Live live() {
    Map<String, String> summary = version.snapshot().summary();
    String equality = summary == null ? null : summary.get("total-equality-deletes");
    return new Live(
        count(data),
        count(deletes),
        equality != null && !equality.equals("0") && count(deletes) > 0);
  }

  private long count(List<ManifestFile> manifests) {
    long files = 0;
    for (ManifestFile manifest : manifests) {
      files += known(manifest.addedFilesCount()) + known(manifest.existingFilesCount());
    }
    return files;
  }

  private int known(Integer files) {
    if (files == null) {
      throw unclear("its list of manifests has no counts of files");
    }
    return files;
  }

  private RuntimeException unclear(String why) {
    return loaded
        .table()
        .unsupported(
            "what version %d changed cannot be told: %s. Start with version %d, or read its versions"
                .formatted(version.version(), why, version.version() + 1));
  }

  /**
   * Refuses a snapshot whose changes cannot be told exactly.
   *
   * @param before of the snapshot before; null if that was expired
   */
  void check(Live before) {
    if (before == null) {
      if (!removing().isEmpty() || !changedDeletes().isEmpty()) {
        throw unclear("it took rows away, and the snapshot before it was expired");
      }
      return;
    }
    for (List<ManifestFile> kind : List.of(data, deletes)) {
      long added = 0;
      long removed = 0;
      for (ManifestFile manifest : ofCommit(kind)) {
        added += known(manifest.addedFilesCount());
        removed += known(manifest.deletedFilesCount());
      }
      long earlier = kind == data ? before.data() : before.deletes();
      if (count(kind) != earlier + added - removed) {
        throw unclear("its manifests do not say which files it removed");
      }
    }
    List<DeleteFile> changed = deleteFiles();
    changed.forEach(this::check);
    if (before.equalityDeletes() && (!changed.isEmpty() || !removing().isEmpty())) {
      throw equality();
    }
  }

  private void check(DeleteFile file) {
    if (file.content() == FileContent.EQUALITY_DELETES) {
      throw equality();
    }
    if (file.format() != FileFormat.PUFFIN && file.format() != FileFormat.PARQUET) {
      throw unclear("it has position deletes in %s files".formatted(file.format()));
    }
    if (file.keyMetadata() != null) {
      throw loaded.table().unsupported("its files are encrypted");
    }
  }

  private RuntimeException equality() {
    return unclear("there are equality deletes, which do not say which rows they delete");
  }

  /** Whether rows may be deleted in files. */
  boolean hasDeletes() {
    return !deletes.isEmpty();
  }

  private List<ManifestFile> ofCommit(List<ManifestFile> manifests) {
    return manifests.stream()
        .filter(manifest -> Objects.equals(manifest.snapshotId(), version.snapshot().snapshotId()))
        .toList();
  }

  /** The manifests that have files which it added. */
  List<ManifestFile> adding() {
    return ofCommit(data).stream().filter(m -> known(m.addedFilesCount()) > 0).toList();
  }

  /** The manifests that have files which it removed. */
  List<ManifestFile> removing() {
    return ofCommit(data).stream().filter(m -> known(m.deletedFilesCount()) > 0).toList();
  }

  private List<ManifestFile> changedDeletes() {
    return ofCommit(deletes).stream()
        .filter(m -> known(m.addedFilesCount()) + known(m.deletedFilesCount()) > 0)
        .toList();
  }

  /** The files that it removed, of one of the manifests. */
  Iterable<DataFile> removed(ManifestFile manifest) {
    long changed = known(manifest.addedFilesCount()) + (long) known(manifest.deletedFilesCount());
    double share = (double) changed / (changed + known(manifest.existingFilesCount()));
    if (manifest.length() * share > MOST_REMOVED_BYTES) {
      throw unclear(
          "a manifest has more than %d MiB of removed files".formatted(MOST_REMOVED_BYTES >> 20));
    }
    return changes(List.of(manifest), List.of()).removedDataFiles();
  }

  /** The files of deletes that it added, and those that it removed. */
  List<DeleteFile> deleteFiles() {
    List<ManifestFile> changed = changedDeletes();
    long count = 0;
    for (ManifestFile manifest : changed) {
      count += known(manifest.addedFilesCount()) + known(manifest.deletedFilesCount());
    }
    if (count > MOST_DELETE_FILES) {
      throw unclear("it changed more than %d files of deletes".formatted(MOST_DELETE_FILES));
    }
    List<DeleteFile> files = new ArrayList<>();
    if (!changed.isEmpty()) {
      SnapshotChanges changes = changes(List.of(), changed);
      changes.addedDeleteFiles().forEach(files::add);
      changes.removedDeleteFiles().forEach(files::add);
    }
    return files;
  }

  private SnapshotChanges changes(List<ManifestFile> some, List<ManifestFile> someDeletes) {
    Snapshot subset = new ManifestSubset(version.snapshot(), some, someDeletes);
    return SnapshotChanges.builderFor(loaded.icebergTable(io, subset)).snapshot(subset).build();
  }

  TableFileIo io() {
    return io;
  }
}
