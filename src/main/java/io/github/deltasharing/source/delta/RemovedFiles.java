/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.github.deltasharing.protocol.ChangeFile.Kind;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.delta.CommitBatch.FileAction;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * Finds sizes and partition values of removed files, which old writers left out of the log: in the
 * version before the removal. Holds those of one commit. Used by one thread.
 */
final class RemovedFiles {
  private final DeltaTable table;
  private final LongFunction<DeltaSnapshot> versions;
  private final CommitReader commits;
  private long version = -1;
  private Map<String, TableFile> files = Map.of();

  RemovedFiles(DeltaTable table, LongFunction<DeltaSnapshot> versions, CommitReader commits) {
    this.table = table;
    this.versions = versions;
    this.commits = commits;
  }

  /** Whether the log itself says what is needed. */
  static boolean isComplete(FileAction file) {
    return file.size().isPresent() && file.partitionValues().isPresent();
  }

  /**
   * The file as it was added.
   *
   * @throws SourceException when it is not in the version before
   */
  TableFile find(String relativePath, long removedIn) throws IOException {
    if (removedIn != version) {
      files = load(removedIn);
      version = removedIn;
    }
    TableFile file = files.get(relativePath);
    if (file == null) {
      throw SourceException.unsupported(
          "Cannot read changes of %s: version %d removes a file of which the table's log says"
                  .formatted(table.fullName(), removedIn)
              + " neither size nor partition, and the version before does not have it. Start after"
              + " that version");
    }
    return file;
  }

  private Map<String, TableFile> load(long removedIn) throws IOException {
    Set<String> wanted = new HashSet<>();
    commits.read(
        removedIn,
        removedIn,
        batch -> {
          for (int row = 0; row < batch.size(); row++) {
            batch
                .file(row)
                .filter(file -> file.kind() == Kind.REMOVE && !isComplete(file))
                .ifPresent(file -> wanted.add(LogPaths.relative(table, file.path())));
          }
          return true;
        });
    Map<String, TableFile> found = new HashMap<>();
    try (TableFileIterator before = versions.apply(removedIn - 1).files()) {
      while (before.hasNext()) {
        TableFile file = before.next();
        if (wanted.contains(file.relativePath())) {
          found.put(file.relativePath(), file);
        }
      }
    }
    return found;
  }
}
