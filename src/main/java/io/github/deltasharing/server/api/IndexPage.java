/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.index.FileSelection;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One page of files that are in memory: the same as {@link FilePage} has, found in the order of
 * paths and written as they are found. Used by one thread.
 */
final class IndexPage {
  private final FileSelection wanted;
  private final Optional<String> after;
  private final OptionalLong rowLimit;
  private String last;
  private long rows;
  private boolean cut;

  /** Takes a file of the page. */
  interface Sink {
    void write(TableFile file) throws IOException;
  }

  /**
   * @param after the path of the last page's last file
   * @param rowLimit the rows that are still wanted, if the client said so
   */
  IndexPage(FileSelection wanted, Optional<String> after, OptionalLong rowLimit) {
    this.wanted = wanted;
    this.after = after;
    this.rowLimit = rowLimit;
  }

  /** Writes the page's files, at most so many. */
  void write(long maxFiles, Sink sink) throws IOException {
    try (TableFileIterator files = wanted.byPath(after)) {
      for (long count = 0; !isLimitReached() && files.hasNext(); count++) {
        if (count == maxFiles) {
          cut = true;
          return;
        }
        TableFile file = files.next();
        sink.write(file);
        last = file.relativePath();
        rows += rowLimit.isEmpty() ? 0 : FilePage.surelyIn(file);
      }
    }
  }

  private boolean isLimitReached() {
    return rowLimit.isPresent() && rows >= rowLimit.getAsLong();
  }

  /** Whether more files are wanted after this page. */
  boolean hasMore() {
    return cut;
  }

  /** The rows surely on this page. */
  long rowCount() {
    return rows;
  }

  /** The path of the page's last file; null if it has none. */
  String last() {
    return last;
  }

  /** The files that the limit made unnecessary. */
  long overLimit() {
    if (!isLimitReached()) {
      return 0;
    }
    Optional<String> end = last == null ? after : Optional.of(last);
    return end.map(wanted::countAfter).orElseGet(wanted::count);
  }
}
