/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FileFilter;
import java.util.function.Predicate;

/**
 * Says of files, one after the other, whether they can have a row that predicates let through, and
 * counts those that cannot. For scans whose predicates Spark checks again. One thread.
 */
public final class CountingPruner implements Predicate<FileFacts> {
  private final FileFilter byPartition;
  private final FileFilter byStatistics;
  private int skippedByPartition;
  private int skippedByStatistics;

  public CountingPruner(PushedPredicates predicates) {
    this.byPartition = predicates.exactFilter();
    this.byStatistics = predicates.statisticsFilter();
  }

  @Override
  public boolean test(FileFacts file) {
    if (!byPartition.mayMatch(file)) {
      skippedByPartition++;
      return false;
    }
    if (!byStatistics.mayMatch(file)) {
      skippedByStatistics++;
      return false;
    }
    return true;
  }

  public int skippedByPartition() {
    return skippedByPartition;
  }

  public int skippedByStatistics() {
    return skippedByStatistics;
  }
}
