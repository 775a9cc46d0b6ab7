/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

/**
 * Gives commits the times that Delta Lake gives them: the modification times of their files, each
 * at least a millisecond after the one before. Commits are offered in order. Used by one thread.
 */
final class CommitTimes {
  /** Delta Lake looks back as far for times that are out of order. */
  private static final int LOOK_BACK = 100;

  private long last = Long.MIN_VALUE;

  private CommitTimes() {}

  /** Starts with the commit of a version, with a look at those before it. */
  static CommitTimes startingAt(DeltaTable table, long version) {
    CommitTimes times = new CommitTimes();
    for (long before = Math.max(0, version - LOOK_BACK); before < version; before++) {
      // One that was cleaned up has no say any more.
      table
          .storage()
          .find(DeltaTable.commit(before))
          .ifPresent(commit -> times.next(commit.lastModified().toEpochMilli()));
    }
    return times;
  }

  /** The time of the next commit, whose file was modified at a time. */
  long next(long modificationTime) {
    last = Math.max(modificationTime, last == Long.MIN_VALUE ? last : last + 1);
    return last;
  }
}
