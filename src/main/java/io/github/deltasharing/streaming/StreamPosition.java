/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import java.util.Comparator;

/**
 * A point in a table's history: all before it was read. Immutable.
 *
 * @param version the version that is being read
 * @param index the last file of the version that was read, −1 for none
 * @param snapshot whether the whole table as of the version is being read, not its commit only
 */
record StreamPosition(long version, long index, boolean snapshot)
    implements Comparable<StreamPosition> {
  /** The index before a version's first file. */
  public static final long START = -1;

  private static final Comparator<StreamPosition> ORDER =
      Comparator.comparingLong(StreamPosition::version).thenComparingLong(StreamPosition::index);

  /** Before a commit. */
  public static StreamPosition ofCommit(long version) {
    return new StreamPosition(version, START, false);
  }

  /** Before the table as of a version. */
  public static StreamPosition ofSnapshot(long version) {
    return new StreamPosition(version, START, true);
  }

  boolean isStart() {
    return index < 0;
  }

  @Override
  public int compareTo(StreamPosition other) {
    return ORDER.compare(this, other);
  }
}
