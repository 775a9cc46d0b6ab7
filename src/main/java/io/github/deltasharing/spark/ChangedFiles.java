/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeFilter;
import io.github.deltasharing.changes.ChangeScanTasks;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.listing.Listed;
import io.github.deltasharing.listing.ScanUrls;
import io.github.deltasharing.pushdown.CountingPruner;
import io.github.deltasharing.pushdown.PrunedFiles;
import io.github.deltasharing.pushdown.PushedPredicates;
import io.github.deltasharing.pushdown.StatisticsSum;
import io.github.deltasharing.read.FileScanTask;
import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FileFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** The files of commits that a scan of changes reads. Lists them once. Driver only; thread-safe. */
final class ChangedFiles implements BatchFiles {
  private final LoadedTable table;
  private final ProjectedSchema columns;
  private final PushedPredicates predicates;
  private final ChangeFilter filter;
  private final ChangesQuery query;
  private final PlanMetrics metrics;

  /**
   * @param filter what the query wants of the change columns
   */
  ChangedFiles(
      LoadedTable table,
      ProjectedSchema columns,
      PushedPredicates predicates,
      ChangeFilter filter,
      ChangesQuery query,
      PlanMetrics metrics) {
    this.table = table;
    this.columns = columns;
    this.predicates = predicates;
    this.filter = filter;
    this.query = query;
    this.metrics = metrics;
  }

  @Override
  public List<FileScanTask> splits() {
    return splits((split, facts) -> true);
  }

  /**
   * What predicates leave, and a runtime filter.
   *
   * @param joined whether a split may have rows that a join needs
   */
  private List<FileScanTask> splits(BiPredicate<FileScanTask, FileFacts> joined) {
    long start = System.nanoTime();
    List<FileScanTask> needed = new ArrayList<>();
    CountingPruner pruner = new CountingPruner(predicates);
    int[] notJoined = {0};
    int skipped =
        plan(
            pruner,
            (split, facts) -> {
              if (joined.test(split, facts)) {
                needed.add(split);
              } else {
                notJoined[0]++;
              }
            });
    PrunedFiles counts =
        new PrunedFiles(
            List.of(),
            listed().result().files().size(),
            // A commit's version and time are the same for all of a file, as partition values are.
            pruner.skippedByPartition() + skipped,
            pruner.skippedByStatistics(),
            0);
    metrics.planned(counts, Math.max(System.nanoTime() - start, query.nanos()));
    if (notJoined[0] > 0) {
      metrics.skippedByRuntimeFilter(notJoined[0]);
    }
    return needed;
  }

  /** Plans what predicates leave; returns how many splits the commit's own columns rule out. */
  private int plan(Predicate<FileFacts> pruner, ChangeScanTasks.Sink needed) {
    int[] skipped = {0};
    new ChangeScanTasks(
            table.name().toString(),
            table.schema().partitionColumns(columns.partition()),
            listed().life())
        .plan(
            listed().result().files(),
            pruner,
            (split, facts) -> {
              if (filter.mayMatch(split.change())) {
                needed.add(split, facts);
              } else {
                skipped[0]++;
              }
            });
    return skipped[0];
  }

  /** Adds up what is read. */
  void addTo(StatisticsSum sum) {
    plan(new CountingPruner(predicates), (split, facts) -> sum.add(split.length(), facts));
  }

  /**
   * The same without those that a runtime filter rules out.
   *
   * @param byValues looks at partition values and statistics
   * @param byCommit looks at the change columns
   */
  BatchFiles without(FileFilter byValues, ChangeFilter byCommit) {
    return new BatchFiles() {
      @Override
      public List<FileScanTask> splits() {
        return ChangedFiles.this.splits(
            (split, facts) -> byCommit.mayMatch(split.change()) && byValues.mayMatch(facts));
      }

      @Override
      public ScanUrls urls() {
        return ChangedFiles.this.urls();
      }

      @Override
      public String tableId() {
        return ChangedFiles.this.tableId();
      }
    };
  }

  @Override
  public ScanUrls urls() {
    return listed().urls();
  }

  @Override
  public String tableId() {
    return table.identity().tableId();
  }

  private Listed<ChangesResult> listed() {
    return query.listing();
  }
}
