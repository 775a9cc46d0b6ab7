/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.table.FileFacts;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.types.StructType;

/**
 * Adds up the files of a scan for its statistics. Sums that overflow stay at the largest number.
 * Driver only; used by one thread.
 */
public final class StatisticsSum {
  private long stored;
  private long rows;
  private boolean known = true;

  /** Adds a file; the rows that are read of it are known if its statistics have them. */
  public void add(long bytes, FileFacts facts) {
    OptionalLong live = facts.liveRows();
    known &= live.isPresent();
    rows = sum(rows, live.orElse(0));
    stored = sum(stored, bytes);
  }

  private static long sum(long one, long other) {
    return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
  }

  /** The rows, if they are known of all files. */
  OptionalLong rows() {
    return known ? OptionalLong.of(rows) : OptionalLong.empty();
  }

  /**
   * The larger of two guesses: the share of the files that the columns should have, and the rows at
   * their types' usual size. A table taken for too small would be broadcast.
   *
   * @param all the table's columns
   * @param read the columns that are read
   */
  long bytes(StructType all, StructType read) {
    long wholeRow = rowBytes(all);
    long readRow = rowBytes(read);
    long decoded = rows > Long.MAX_VALUE / readRow ? Long.MAX_VALUE : rows * readRow;
    return Math.max((long) (stored * Math.min(1, (double) readRow / wholeRow)), decoded);
  }

  /** As Spark counts it: a row is never free. */
  private static long rowBytes(StructType schema) {
    return 8L + schema.defaultSize();
  }

  /**
   * Size and rows, without columns.
   *
   * @param all the table's columns
   * @param read the columns that are read
   */
  public Statistics of(StructType all, StructType read) {
    long bytes = bytes(all, read);
    OptionalLong counted = rows();
    return new Statistics() {
      @Override
      public OptionalLong sizeInBytes() {
        return OptionalLong.of(bytes);
      }

      @Override
      public OptionalLong numRows() {
        return counted;
      }
    };
  }
}
