/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FileFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Leaves out the files of a listing that cannot have a row of the result. Immutable. */
public final class FilePruner {
  /** Parsing the statistics of that many files takes long enough to be shared among threads. */
  private static final int PARALLEL_FROM = 10_000;

  private final String table;
  private final PushedScan pushed;
  private final String timeZone;
  private final PartitionRows exactValues;

  /**
   * @param table for messages
   * @param timeZone of the session
   */
  public FilePruner(String table, PushedScan pushed, String timeZone) {
    this.table = table;
    this.pushed = pushed;
    this.timeZone = timeZone;
    this.exactValues =
        new PartitionRows(
            pushed.predicates().exactColumns().stream().distinct().toList(), timeZone);
  }

  /**
   * The files that are left.
   *
   * @throws io.github.deltasharing.error.SharingException if a partition value that decides is not
   *     of its type
   */
  public PrunedFiles prune(List<AddFile> listed) {
    List<AddFile> inPartitions = pushed.partitions().matching(table, byPartition(listed), timeZone);
    List<AddFile> matching = byStatistics(inPartitions);
    List<AddFile> needed = byLimit(byTopN(matching));
    return new PrunedFiles(
        needed,
        listed.size(),
        listed.size() - inPartitions.size(),
        inPartitions.size() - matching.size(),
        matching.size() - needed.size());
  }

  private List<AddFile> byPartition(List<AddFile> files) {
    if (!pushed.predicates().hasExact()) {
      return files;
    }
    FileFilter filter = pushed.predicates().exactFilter();
    List<AddFile> kept = new ArrayList<>();
    for (AddFile file : files) {
      // Nobody looks at these values again, so they have to be right.
      exactValues.of(table, file);
      if (filter.mayMatch(FileFacts.of(file.partitionValues(), null))) {
        kept.add(file);
      }
    }
    return kept;
  }

  private List<AddFile> byStatistics(List<AddFile> files) {
    if (!pushed.predicates().hasInexact()) {
      return files;
    }
    return matching(files, pushed.predicates().statisticsFilter());
  }

  /** The files with a row for which the filter may be true, in their order. */
  public static List<AddFile> matching(List<AddFile> files, FileFilter filter) {
    Stream<AddFile> each = files.size() < PARALLEL_FROM ? files.stream() : files.parallelStream();
    return each.filter(file -> filter.mayMatch(FileFacts.of(file))).toList();
  }

  private List<AddFile> byTopN(List<AddFile> files) {
    return pushed.topN() == null ? files : pushed.topN().needed(files);
  }

  /** As many files as have enough rows, in the order of the listing. */
  private List<AddFile> byLimit(List<AddFile> files) {
    if (pushed.limit().isEmpty()) {
      return files;
    }
    List<AddFile> kept = new ArrayList<>();
    long rows = 0;
    for (AddFile file : files) {
      OptionalLong live = FileFacts.of(file).liveRows();
      if (rows >= pushed.limit().getAsInt()) {
        break;
      }
      if (live.isEmpty() || live.getAsLong() > 0) {
        kept.add(file);
      }
      rows += live.orElse(0);
    }
    return kept;
  }
}
