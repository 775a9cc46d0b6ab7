/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.table.FileStatistics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/**
 * Picks the files of one page: the first by path, after where the last page ended, until there are
 * enough files or enough rows. The order is the same whatever checkpoints come and go, and no more
 * than a page is held in memory. Used by one thread.
 */
final class FilePage {
  private static final Comparator<TableFile> BY_PATH =
      Comparator.comparing(TableFile::relativePath);

  private final Optional<String> after;
  private final long maxFiles;
  private final OptionalLong rowLimit;
  private final PriorityQueue<TableFile> lastFirst = new PriorityQueue<>(BY_PATH.reversed());
  private long rows;
  private boolean cut;
  private long overLimit;

  /**
   * Starts a page.
   *
   * @param after the path of the last page's last file
   * @param maxFiles how many files fit on a page
   * @param rowLimit the rows that are still wanted, if the client said so
   */
  FilePage(Optional<String> after, long maxFiles, OptionalLong rowLimit) {
    this.after = after;
    this.maxFiles = maxFiles;
    this.rowLimit = rowLimit;
  }

  /** Offers a file, in any order. */
  void offer(TableFile file) {
    if (after.isPresent() && file.relativePath().compareTo(after.get()) <= 0) {
      return;
    }
    lastFirst.add(file);
    rows += rows(file);
    while (!lastFirst.isEmpty()
        && rowLimit.isPresent()
        && rows - rows(lastFirst.peek()) >= rowLimit.getAsLong()) {
      drop();
      overLimit++;
    }
    if (lastFirst.size() > maxFiles) {
      drop();
      cut = true;
    }
  }

  private void drop() {
    rows -= rows(lastFirst.remove());
  }

  /** Rows that are surely in the file; none when it does not say. */
  private long rows(TableFile file) {
    return rowLimit.isEmpty() ? 0 : surelyIn(file);
  }

  static long surelyIn(TableFile file) {
    long records = FileStatistics.parse(file.stats().orElse(null)).numRecords().orElse(0);
    return Math.max(0, records - file.deletedRows());
  }

  /** The page's files in order. */
  List<TableFile> files() {
    List<TableFile> files = new ArrayList<>(lastFirst);
    files.sort(BY_PATH);
    return files;
  }

  /** Whether more files are wanted after this page. */
  boolean hasMore() {
    return cut && (rowLimit.isEmpty() || rows < rowLimit.getAsLong());
  }

  /** The rows surely on this page. */
  long rowCount() {
    return rows;
  }

  /** The files that the limit made unnecessary. */
  long overLimit() {
    return overLimit;
  }
}
