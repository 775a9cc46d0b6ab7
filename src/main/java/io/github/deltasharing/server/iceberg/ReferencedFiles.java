/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;

/**
 * The files that a client reads who reads what is shared of one state of a table: manifest lists,
 * manifests, data files, deletes and statistics. Manifests are read when it is first asked about a
 * file that only they can name, those of older snapshots last. Safe for use by several threads.
 */
public final class ReferencedFiles {
  private static final int MOST_MANIFESTS = 50_000;
  private static final int MOST_FILES = 4_000_000;
  private static final List<String> PATH = List.of("file_path");

  private final IcebergTable table;
  private final TableMetadata metadata;
  private final String metadataFile;
  private final int metadataBytes;
  private final SharedSnapshots shared;
  private final Set<String> named = new HashSet<>();
  private volatile PathHashes current;
  private volatile PathHashes older;

  ReferencedFiles(
      IcebergTable table,
      String path,
      TableMetadata metadata,
      int metadataBytes,
      SharedSnapshots shared) {
    this.table = table;
    this.metadata = metadata;
    this.metadataFile = path;
    this.metadataBytes = metadataBytes;
    this.shared = shared;
    if (shared.whole()) {
      // Metadata files have all snapshots.
      named.add(path);
      metadata.previousFiles().forEach(file -> nameIfOfTable(file.file()));
    }
    for (Snapshot snapshot : shared.all()) {
      if (snapshot.manifestListLocation() != null) {
        name(snapshot.manifestListLocation());
      }
    }
    Set<Long> ids = shared.ids();
    metadata.statisticsFiles().stream()
        .filter(file -> ids.contains(file.snapshotId()))
        .forEach(file -> name(file.path()));
    metadata.partitionStatisticsFiles().stream()
        .filter(file -> ids.contains(file.snapshotId()))
        .forEach(file -> name(file.path()));
  }

  private void name(String location) {
    named.add(table.relative(location));
  }

  /** A table that was moved may have left older metadata behind, which nobody needs. */
  private void nameIfOfTable(String location) {
    table.storage().relativize(TableFileIo.absolute(location)).ifPresent(named::add);
  }

  private List<Snapshot> head() {
    return shared.head().stream().toList();
  }

  private boolean hasOlder() {
    return shared.all().size() > 1;
  }

  /** Whether {@link #contains} says so without reading manifests. */
  public boolean isKnown(String path) {
    return named.contains(path)
        || current != null && (!hasOlder() || older != null || current.contains(path));
  }

  /**
   * Whether a file may be looked at, without its content: so may the metadata itself, whose size
   * clients ask for when they list its snapshots.
   */
  public boolean containsOrIs(String path) {
    return path.equals(metadataFile) || contains(path);
  }

  /** Whether a file is one of these, by its path below the table's directory. */
  public boolean contains(String path) {
    return named.contains(path)
        || IcebergFailures.reading(
            table, () -> ofCurrent().contains(path) || hasOlder() && ofOlder().contains(path));
  }

  /** What this takes of memory, roughly, in bytes. */
  long weight() {
    return 4L * metadataBytes + 200L * named.size() + 8L * (size(current) + size(older));
  }

  private static int size(PathHashes files) {
    return files == null ? 0 : files.size();
  }

  private synchronized PathHashes ofCurrent() {
    if (current == null) {
      current = read(head(), Set.of());
    }
    return current;
  }

  private synchronized PathHashes ofOlder() {
    if (older == null) {
      Set<String> known = new HashSet<>();
      for (Snapshot newest : head()) {
        newest.allManifests(new TableFileIo(table)).forEach(file -> known.add(file.path()));
      }
      older = read(shared.all(), known);
    }
    return older;
  }

  /**
   * Reads the manifests of snapshots.
   *
   * @param known manifests whose files are known already
   */
  private PathHashes read(List<Snapshot> snapshots, Set<String> known) {
    TableFileIo io = new TableFileIo(table);
    PathHashes files = new PathHashes();
    Set<String> seen = new HashSet<>(known);
    for (Snapshot snapshot : snapshots) {
      for (ManifestFile manifest : snapshot.allManifests(io)) {
        if (!seen.add(manifest.path())) {
          continue;
        }
        if (seen.size() > MOST_MANIFESTS) {
          throw tooMany(MOST_MANIFESTS + " manifests");
        }
        if (manifest.keyMetadata() != null) {
          throw table.unsupported("its manifests are encrypted");
        }
        files.add(table.relative(manifest.path()));
        add(manifest, io, files);
      }
    }
    return files.sorted();
  }

  private void add(ManifestFile manifest, TableFileIo io, PathHashes files) {
    boolean data = manifest.content() == ManifestContent.DATA;
    try (ManifestReader<? extends ContentFile<?>> reader =
        data
            ? ManifestFiles.read(manifest, io, metadata.specsById()).select(PATH)
            : ManifestFiles.readDeleteManifest(manifest, io, metadata.specsById()).select(PATH)) {
      for (ContentFile<?> file : reader) {
        files.add(table.relative(file.location()));
        if (files.size() > MOST_FILES) {
          throw tooMany(MOST_FILES + " files");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RuntimeException tooMany(String what) {
    return table.unsupported(
        "its metadata names more than %s, the most that requests are signed for. Have old snapshots expired"
            .formatted(what));
  }
}
