package io.github.deltasharing.streaming;

import java.util.Comparator;

/**
 * A point in a table's history: all before it was read. Immutable.
 *
 * @param version the version that is being read
 * @param index the last file of the version that was read, −1 for none
 * @param snapshot whether the whole table as of the version is being read, not its commit only
 */
public record Position(long version, long index, boolean snapshot) implements Comparable<Position> {
  /** The index before a version's first file. */
  public static final long START = -1;

  private static final Comparator<Position> ORDER =
      Comparator.comparingLong(Position::version).thenComparingLong(Position::index);

  /** Before a commit. */
  public static Position ofCommit(long version) {
    return new Position(version, START, false);
  }

  /** Before the table as of a version. */
  public static Position ofSnapshot(long version) {
    return new Position(version, START, true);
  }

  boolean isStart() {
    return index < 0;
  }

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }
}
