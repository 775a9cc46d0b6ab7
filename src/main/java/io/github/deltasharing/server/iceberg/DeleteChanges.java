/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.StoredVector;
import io.github.deltasharing.source.TableFile;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Which rows of some data files are deleted at two versions. Looks through the plans of both, and
 * keeps the files that are asked for. Used by one thread.
 */
final class DeleteChanges {
  private static final int MOST_FILES = 200_000;
  private static final long MOST_READ_BYTES = 512L << 20;
  private static final long MOST_KEPT_BYTES = 128L << 20;

  private final LoadedTable loaded;
  private final Schema schema;
  private final Set<String> locations = new HashSet<>();
  private long kept;

  DeleteChanges(LoadedTable loaded, Schema schema) {
    this.loaded = loaded;
    this.schema = schema;
  }

  /** Asks for a data file. */
  void add(String location) {
    locations.add(location);
    if (locations.size() > MOST_FILES) {
      throw PositionDeleteReader.tooMuch(
          loaded.table(),
          "a snapshot changed which rows are deleted in more than %d files".formatted(MOST_FILES));
    }
  }

  /** Asks for the data files whose rows are deleted by some files of deletes. */
  void add(Iterable<DeleteFile> files) {
    long bytes = 0;
    for (DeleteFile file : files) {
      if (file.referencedDataFile() != null) {
        add(file.referencedDataFile());
        continue;
      }
      bytes += file.fileSizeInBytes();
      if (bytes > MOST_READ_BYTES) {
        throw PositionDeleteReader.tooMuch(
            loaded.table(),
            "a snapshot changed more than %d MiB of position deletes"
                .formatted(MOST_READ_BYTES >> 20));
      }
      loaded.deletes().read(loaded.table(), file).rows().keySet().forEach(this::add);
    }
  }

  /** The files that were asked for and are there at a version, by their paths. */
  Map<String, TableFile> at(TableVersion version) throws IOException {
    Map<String, TableFile> found = new TreeMap<>();
    if (version == null || locations.isEmpty()) {
      return found;
    }
    CloseableIterable<FileScanTask> wanted =
        IcebergFailures.reading(
            loaded.table(),
            () ->
                CloseableIterable.filter(
                    new VersionPlan(loaded, version).files(),
                    task -> locations.contains(task.file().location())));
    try (IcebergFiles files = new IcebergFiles(loaded, version, schema, wanted)) {
      while (files.hasNext()) {
        TableFile file = files.next();
        kept += weight(file);
        if (kept > MOST_KEPT_BYTES) {
          throw PositionDeleteReader.tooMuch(
              loaded.table(),
              "what a snapshot changed in files takes more than %d MiB of memory"
                  .formatted(MOST_KEPT_BYTES >> 20));
        }
        found.put(file.relativePath(), file);
      }
    }
    return found;
  }

  private static long weight(TableFile file) {
    Optional<String> inline = file.deletionVector().map(StoredVector::inline);
    return 300L
        + 2L * file.relativePath().length()
        + file.stats().map(String::length).orElse(0)
        + inline.map(String::length).orElse(0);
  }
}
