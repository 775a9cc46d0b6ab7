/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import io.github.deltasharing.parquet.SplitPlan;
import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.prefetch.ReadAhead;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Hands out a partition's splits in order, each with its file open, and opens later ones ahead:
 * some at first, for a LIMIT may soon have its rows, then more, as long as there is room. What is
 * read of the next ones is planned and requested once nothing more is to be requested of those
 * before. Used by one task thread. Closes nothing: the task's {@link ReadAhead} does.
 */
final class FileScanTaskPrefetcher {
  /** Small files are read faster than they come: fewer would leave a task waiting at its start. */
  private static final int FIRST = 32;

  private static final int MOST = 64;

  private final List<FileScanTask> splits;
  private final ReadAhead ahead;
  private final BiFunction<PrimedFile, FileScanTask, SplitPlan> plans;
  private final Queue<Opened> opened = new ArrayDeque<>();

  /** The last ones of those opened, of which more is to be requested. */
  private final Queue<Opened> unrequested = new ArrayDeque<>();

  private final boolean readsAll;
  private int next;
  private int most = FIRST;

  /**
   * A split whose bytes are on their way.
   *
   * @param file null where it is not known yet whether any of its rows is read
   * @param plan of what will be read of the file; null where the file is null
   * @param rows waits for which rows of the file are read; null for all
   */
  record Opened(FileScanTask split, PrimedFile file, SplitPlan plan, Supplier<SelectedRows> rows) {
    /** Without waiting; whether nothing is left to be requested. */
    private boolean requestMore() {
      if (file == null) {
        // What it will need is not known: others must leave it room.
        return false;
      }
      if (file.isWhole()) {
        return true;
      }
      try {
        return plan.goOn() && file.requestMore();
      } catch (IOException | RuntimeException e) {
        // Comes again, with its file's name, when the split is read.
        return true;
      }
    }
  }

  /**
   * @param plans makes the plan of a split
   * @param readsAll whether all of a file is read, as far as the driver knows
   */
  FileScanTaskPrefetcher(
      List<FileScanTask> splits,
      ReadAhead ahead,
      BiFunction<PrimedFile, FileScanTask, SplitPlan> plans,
      boolean readsAll) {
    this.splits = splits;
    this.ahead = ahead;
    this.plans = plans;
    this.readsAll = readsAll;
  }

  boolean hasNext() {
    return !opened.isEmpty() || next < splits.size();
  }

  /** The next split. The caller closes its file. */
  Opened next() {
    boolean first = next == 0;
    Opened result = opened.isEmpty() ? open(ahead::open) : opened.remove();
    if (result == unrequested.peek()) {
      unrequested.remove();
    }
    openMore();
    most = MOST;
    if (first && readsAll && result.file() != null) {
      // The task has nothing else to do until its first bytes come.
      result.plan().expectAll();
    }
    return result;
  }

  private void openMore() {
    while (opened.size() < most && next < splits.size() && hasRoom(splits.get(next))) {
      Opened later = open(ahead::openAhead);
      opened.add(later);
      unrequested.add(later);
    }
  }

  /**
   * Asks for what will be read next as far as that is known and there is room. Waits for nothing.
   *
   * @param current the file that is being read
   */
  void requestMore(PrimedFile current) {
    if (!hasNext() || !current.requestMore()) {
      return;
    }
    openMore();
    while (!unrequested.isEmpty() && ahead.hasRoom() && unrequested.peek().requestMore()) {
      unrequested.remove();
    }
  }

  private boolean hasRoom(FileScanTask split) {
    return ahead.hasRoomFor(split.file(), split.rows() == null ? 0 : split.rows().storedBytes());
  }

  private Opened open(Function<SharedFile, PrimedFile> how) {
    FileScanTask split = splits.get(next++);
    PrimedFile file =
        split.rows() != null && split.rows().mayBeEmpty() ? null : how.apply(split.file());
    return new Opened(
        split,
        file,
        file == null ? null : plans.apply(file, split),
        split.rows() == null ? null : split.rows().load(ahead));
  }
}
