/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.listing.Listed;
import io.github.deltasharing.listing.ScanUrls;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.pushdown.FilePruner;
import io.github.deltasharing.pushdown.PrunedFiles;
import io.github.deltasharing.read.FileMetadata;
import io.github.deltasharing.read.FileScanTask;
import io.github.deltasharing.storage.AmbiguousNames;
import io.github.deltasharing.table.FileFilter;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The files of a snapshot that a scan reads. Lists them once. Driver only; thread-safe. */
final class TableFiles implements BatchFiles {
  private final LoadedTable table;
  private final ProjectedSchema columns;
  private final SnapshotQuery query;
  private final FilePruner pruner;
  private final PlanMetrics metrics;
  private PrunedFiles files;

  TableFiles(
      LoadedTable table,
      ProjectedSchema columns,
      SnapshotQuery query,
      FilePruner pruner,
      PlanMetrics metrics) {
    this.table = table;
    this.columns = columns;
    this.query = query;
    this.pruner = pruner;
    this.metrics = metrics;
  }

  /** The files to read. */
  synchronized List<AddFile> needed() {
    if (files == null) {
      long start = System.nanoTime();
      files = pruner.prune(listed().result().files());
      metrics.planned(files, Math.max(System.nanoTime() - start, query.nanos()));
    }
    return files.files();
  }

  /** The same without those that a runtime filter rules out. */
  BatchFiles without(FileFilter filter) {
    return new BatchFiles() {
      @Override
      public List<FileScanTask> splits() {
        return TableFiles.this.splits();
      }

      @Override
      public Predicate<FileScanTask> wanted() {
        List<AddFile> matching = FilePruner.matching(needed(), filter);
        metrics.skippedByRuntimeFilter(needed().size() - matching.size());
        Set<String> left = matching.stream().map(AddFile::id).collect(Collectors.toSet());
        return split -> left.contains(split.file().id());
      }

      @Override
      public ScanUrls urls() {
        return TableFiles.this.urls();
      }

      @Override
      public String tableId() {
        return TableFiles.this.tableId();
      }
    };
  }

  @Override
  public List<FileScanTask> splits() {
    FileScanTasks splits =
        new FileScanTasks(
            table.name().toString(), table.schema(), columns.partition(), ambiguousNames());
    boolean dated =
        List.of(columns.metadata().fieldNames()).contains(FileMetadata.MODIFICATION_TIME);
    return needed().stream()
        .map(
            file -> {
              FileScanTask split = splits.split(file, "", listed().life());
              return dated ? split.modifiedAt(file.modificationTime()) : split;
            })
        .toList();
  }

  /** Of all files of the listing: those left out now may be read by the next query. */
  private Predicate<String> ambiguousNames() {
    if (table.conf().http().cacheMemory() == 0) {
      return id -> false;
    }
    AmbiguousNames names = new AmbiguousNames();
    listed().result().files().forEach(file -> names.add(file.id()));
    return names;
  }

  @Override
  public ScanUrls urls() {
    return listed().urls();
  }

  @Override
  public String tableId() {
    return listed().result().table().metadata().id();
  }

  private Listed<QueryResult> listed() {
    return query.listing();
  }
}
