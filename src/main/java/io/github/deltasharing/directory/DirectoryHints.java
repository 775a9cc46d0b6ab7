/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.client.QueryRequest;
import io.github.deltasharing.client.ScanHints;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.predicate.JsonPredicate;
import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FileFilter;
import io.github.deltasharing.table.FileStatistics;
import io.github.deltasharing.table.FilterColumns;
import io.github.deltasharing.table.HintCompiler;

/**
 * The hints of one query, as a sharing server evaluates them: files of which no row can match are
 * neither signed nor kept, nor those after enough rows. Used by one thread.
 */
final class DirectoryHints {
  private final FileFilter filter;
  private final long limit;
  private long rows;

  private DirectoryHints(FileFilter filter, long limit) {
    this.filter = filter;
    this.limit = limit;
  }

  /** Those of a request. A refresh gets all files again that the query got, so no limit counts. */
  static DirectoryHints of(QueryRequest request, Metadata metadata) {
    ScanHints hints = request.hints();
    boolean filtered = hints.jsonPredicateHints() != null || !hints.predicateHints().isEmpty();
    return new DirectoryHints(
        hints.jsonPredicateHints() == null
            ? FileFilter.ANYTHING
            : filter(hints.jsonPredicateHints(), metadata),
        hints.limitHint() == null || filtered || request.urlsOnly()
            ? Long.MAX_VALUE
            : hints.limitHint());
  }

  private static FileFilter filter(String json, Metadata metadata) {
    boolean mapped =
        !metadata
            .configuration()
            .getOrDefault("delta.columnMapping.mode", "none")
            .equalsIgnoreCase("none");
    try {
      return new HintCompiler(
              new FilterColumns(metadata.schemaString(), metadata.partitionColumns(), mapped))
          .compile(JsonPredicate.parse(json));
    } catch (IllegalArgumentException e) {
      return FileFilter.ANYTHING;
    }
  }

  /** Whether some row of the file may match. */
  boolean mayMatch(TableFile file) {
    return filter == FileFilter.ANYTHING
        || filter.mayMatch(FileFacts.of(file.partitionValues(), file.stats().orElse(null)));
  }

  /** Whether the files so far have enough rows for sure. */
  boolean isEnough() {
    return rows >= limit;
  }

  /** A file is listed. */
  void listed(TableFile file) {
    if (limit < Long.MAX_VALUE) {
      long records = FileStatistics.parse(file.stats().orElse(null)).numRecords().orElse(0);
      rows += Math.max(0, records - file.deletedRows());
    }
  }
}
