/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.protocol.ChangeFile.Kind;
import io.github.deltasharing.source.ChangeVisitor;
import io.github.deltasharing.source.ChangedFile;
import io.github.deltasharing.source.TableFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.CloseableIterable;

/**
 * What one snapshot did with files, in terms of Delta's commits, in an order that is the same each
 * time: the files that it removed, those in which other rows are deleted since, those that it
 * added. Used by one thread.
 */
final class CommitChanges {
  private final LoadedTable loaded;
  private final TableVersion version;
  private final TableVersion before;
  private final Schema schema;
  private final CommitManifests manifests;
  private final FileTasks tasks;
  private final ChangeVisitor visitor;
  private final int skip;

  /** Place 0 is that of the schema. */
  private int position = 1;

  /**
   * @param before the snapshot before; null where there was none
   * @param skip the place to start at
   */
  CommitChanges(
      LoadedTable loaded,
      TableVersion version,
      TableVersion before,
      int skip,
      ChangeVisitor visitor) {
    this.loaded = loaded;
    this.version = version;
    this.before = before;
    this.schema = IcebergSnapshot.schema(loaded, version);
    this.manifests = new CommitManifests(loaded, version);
    this.tasks = new FileTasks(loaded.metadata().specsById());
    this.skip = skip;
    this.visitor = visitor;
  }

  /** Returns whether all was taken. */
  boolean visit() throws IOException {
    List<DeleteFile> changed = IcebergFailures.reading(loaded.table(), manifests::deleteFiles);
    if (changed.isEmpty() && (manifests.removing().isEmpty() || !needsPlan())) {
      return removed() && added(new TreeMap<>());
    }
    DeleteChanges deletes = new DeleteChanges(loaded, schema);
    Set<String> removed = new HashSet<>();
    for (ManifestFile manifest : manifests.removing()) {
      for (DataFile file : removedOf(manifest)) {
        deletes.add(file.location());
        removed.add(loaded.table().relative(file.location()));
      }
    }
    IcebergFailures.reading(
        loaded.table(),
        () -> {
          deletes.add(changed);
          return null;
        });
    Map<String, TableFile> then = deletes.at(before);
    Map<String, TableFile> now = changed.isEmpty() ? new TreeMap<>() : deletes.at(version);
    return gone(then, removed) && replaced(then, now, removed) && added(now);
  }

  /**
   * Whether the entries of removed files are not enough: they have no metrics, which tell whether
   * files have their partition columns.
   */
  private boolean needsPlan() {
    return before != null
        && (new VersionPlan(loaded, before).hasDeletes()
            || manifests.removing().stream()
                .map(manifest -> loaded.metadata().specsById().get(manifest.partitionSpecId()))
                .flatMap(spec -> spec.fields().stream())
                .anyMatch(field -> field.transform().isIdentity()));
  }

  private List<DataFile> removedOf(ManifestFile manifest) {
    return IcebergFailures.reading(
        loaded.table(),
        () -> {
          List<DataFile> files = new ArrayList<>();
          manifests.removed(manifest).forEach(files::add);
          return files;
        });
  }

  /** Removed files that no rows were deleted in. */
  private boolean removed() throws IOException {
    for (ManifestFile manifest : manifests.removing()) {
      List<FileScanTask> files = removedOf(manifest).stream().map(tasks::of).toList();
      try (IcebergFiles some =
          new IcebergFiles(loaded, version, schema, CloseableIterable.withNoopClose(files))) {
        while (some.hasNext()) {
          if (!remove(some.next())) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private boolean gone(Map<String, TableFile> then, Set<String> removed) throws IOException {
    for (TableFile file : then.values()) {
      if (removed.contains(file.relativePath()) && !remove(file)) {
        return false;
      }
    }
    if (!then.keySet().containsAll(removed)) {
      throw contradicting("it removed a file that was not there");
    }
    return true;
  }

  private boolean replaced(
      Map<String, TableFile> then, Map<String, TableFile> now, Set<String> removed)
      throws IOException {
    for (TableFile old : then.values()) {
      if (removed.contains(old.relativePath())) {
        continue;
      }
      TableFile file = now.remove(old.relativePath());
      if (file == null) {
        throw contradicting("a file is not there that it did not remove");
      }
      if (!file.deletionVector().equals(old.deletionVector()) && !(remove(old) && add(file))) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param deleted added files of which rows are deleted already
   */
  private boolean added(Map<String, TableFile> deleted) throws IOException {
    for (ManifestFile manifest : manifests.adding()) {
      try (IcebergFiles some = new IcebergFiles(loaded, version, schema, addedOf(manifest))) {
        while (some.hasNext()) {
          TableFile file = some.next();
          TableFile known = deleted.remove(file.relativePath());
          if (!add(known == null ? file : known)) {
            return false;
          }
        }
      }
    }
    if (!deleted.isEmpty()) {
      throw contradicting("it has a file that was neither there before nor added");
    }
    return true;
  }

  private CloseableIterable<FileScanTask> addedOf(ManifestFile manifest) {
    return IcebergFailures.reading(
        loaded.table(),
        () -> {
          CloseableIterable<DataFile> all =
              ManifestFiles.read(manifest, manifests.io(), loaded.metadata().specsById());
          CloseableIterable<DataFile> added = CloseableIterable.filter(all, this::isAdded);
          return CloseableIterable.transform(added, tasks::of);
        });
  }

  private boolean isAdded(DataFile file) {
    Long number = file.fileSequenceNumber();
    if (number == null) {
      throw contradicting("a file has no sequence number");
    }
    if (number != version.version()) {
      return false;
    }
    if (manifests.hasDeletes() && !number.equals(file.dataSequenceNumber())) {
      throw contradicting("it added a file as if that were older, to which deletes apply");
    }
    return true;
  }

  private boolean remove(TableFile file) throws IOException {
    return take(
        Kind.REMOVE,
        new TableFile(
            file.relativePath(),
            file.partitionValues(),
            file.size(),
            version.timestamp(),
            true,
            file.stats(),
            file.deletionVector()));
  }

  private boolean add(TableFile file) throws IOException {
    return take(Kind.ADD, file);
  }

  private boolean take(Kind kind, TableFile file) throws IOException {
    int at = position++;
    return at < skip
        || visitor.file(new ChangedFile(kind, file, version.version(), version.timestamp()), at);
  }

  private RuntimeException contradicting(String why) {
    return loaded
        .table()
        .unsupported(
            "what version %d changed cannot be told: %s. Read its versions"
                .formatted(version.version(), why));
  }
}
