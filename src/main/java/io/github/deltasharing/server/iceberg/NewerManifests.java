/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.index.FileChanges;
import io.github.deltasharing.source.index.IndexBuild;
import io.github.deltasharing.source.index.IndexKey;
import io.github.deltasharing.source.index.IndexedFiles;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.io.CloseableIterable;

/**
 * In which manifests a version differs from an earlier one: what is in the others is the same.
 * There is no such thing where rows are deleted in files, as such a delete is for files of any
 * manifest. Used by one thread.
 */
final class NewerManifests {
  /** More take much memory while they are compared: all manifests are read, by several threads. */
  private static final long MOST_BYTES = 8L << 20;

  private final IcebergSnapshot snapshot;
  private final IndexKey earlier;
  private final List<ManifestFile> gone;
  private final List<ManifestFile> come;

  private NewerManifests(
      IcebergSnapshot snapshot,
      IndexKey earlier,
      List<ManifestFile> gone,
      List<ManifestFile> come) {
    this.snapshot = snapshot;
    this.earlier = earlier;
    this.gone = gone;
    this.come = come;
  }

  /**
   * The difference; empty if it does not say what the version's files are, or is too large. Fails
   * where files of metadata cannot be read.
   */
  static Optional<NewerManifests> since(IndexKey earlier, IcebergSnapshot snapshot) {
    LoadedTable loaded = snapshot.loaded();
    // Without sequence numbers the files' time is the version's.
    if (loaded.metadata().formatVersion() == 1
        || !(earlier.state() instanceof FilesState state)
        || !state.isDescribedAs(snapshot.filesState())
        || !snapshot.plan().deleteManifests().isEmpty()) {
      return Optional.empty();
    }
    Snapshot old = loaded.metadata().snapshot(state.snapshotId());
    if (old == null) {
      return Optional.empty();
    }
    VersionPlan before = new VersionPlan(loaded, TableVersion.of(old));
    if (!before.deleteManifests().isEmpty()) {
      return Optional.empty();
    }
    List<ManifestFile> then = before.dataManifests();
    List<ManifestFile> now = snapshot.plan().dataManifests();
    List<ManifestFile> gone = without(then, now);
    List<ManifestFile> come = without(now, then);
    return bytes(gone) + bytes(come) > MOST_BYTES
        ? Optional.empty()
        : Optional.of(new NewerManifests(snapshot, earlier, gone, come));
  }

  private static List<ManifestFile> without(List<ManifestFile> some, List<ManifestFile> others) {
    Set<String> paths = others.stream().map(ManifestFile::path).collect(Collectors.toSet());
    return some.stream().filter(manifest -> !paths.contains(manifest.path())).toList();
  }

  private static long bytes(List<ManifestFile> manifests) {
    return manifests.stream().mapToLong(ManifestFile::length).sum();
  }

  /** The earlier version. */
  IndexKey earlier() {
    return earlier;
  }

  /**
   * Adds the version's files to an index.
   *
   * @param earlierFiles of the earlier version
   * @return whether all were added
   */
  boolean apply(IndexedFiles earlierFiles, IndexBuild building) throws IOException {
    FileChanges changed = new FileChanges();
    long removed = 0;
    try (CloseableIterable<DataFile> live = files(gone)) {
      for (DataFile file : live) {
        changed.add(snapshot.loaded().table().relative(file.location()), null);
        removed++;
      }
    }
    FileTasks tasks = new FileTasks(snapshot.loaded().metadata().specsById());
    try (IcebergFiles added = snapshot.files(CloseableIterable.transform(files(come), tasks::of))) {
      while (added.hasNext()) {
        TableFile file = added.next();
        changed.add(file.relativePath(), null);
        if (!building.add(file)) {
          return false;
        }
      }
    }
    OptionalLong rest = building.addRest(earlierFiles, changed);
    // Else the table has a file twice, or what is gone was not there.
    return rest.isPresent() && rest.getAsLong() == earlierFiles.count() - removed;
  }

  private CloseableIterable<DataFile> files(List<ManifestFile> manifests) {
    // Each is opened when the one before was read.
    return CloseableIterable.concat(() -> manifests.stream().map(this::files).iterator());
  }

  private CloseableIterable<DataFile> files(ManifestFile manifest) {
    return ManifestFiles.read(
        manifest, snapshot.plan().io(), snapshot.loaded().metadata().specsById());
  }
}
