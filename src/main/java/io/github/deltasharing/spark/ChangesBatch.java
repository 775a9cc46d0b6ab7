package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeSlices;
import io.github.deltasharing.pushdown.CountingPruner;
import io.github.deltasharing.pushdown.PrunedFiles;
import io.github.deltasharing.read.FileSlice;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/**
 * The physical side of a scan of changes. Equal batches read the same, which lets Spark reuse an
 * exchange. Driver only.
 */
final class ChangesBatch implements Batch {
  private final ChangesScan scan;
  private final ChangesQuery query;

  ChangesBatch(ChangesScan scan) {
    this.scan = scan;
    this.query = scan.query();
  }

  @Override
  public InputPartition[] planInputPartitions() {
    long start = System.nanoTime();
    ChangesQuery.Answer answer = query.answer();
    ChangesTable table = scan.table();
    ChangeSlices slices =
        new ChangeSlices(
            table.tableName().toString(),
            scan.columns().partitionColumns(table.sharedSchema()),
            answer.life());
    CountingPruner pruner = new CountingPruner(scan.predicates());
    List<FileSlice> matching = slices.plan(answer.files(), pruner);
    List<FileSlice> needed =
        matching.stream().filter(slice -> scan.filter().mayMatch(slice.change())).toList();
    // A commit's version and time are the same for all of a file, as partition values are.
    int skippedByConstants = pruner.skippedByPartition() + matching.size() - needed.size();
    PrunedFiles counts =
        new PrunedFiles(
            List.of(), answer.files().size(), skippedByConstants, pruner.skippedByStatistics(), 0);
    scan.metrics().planned(counts, System.nanoTime() - start);
    return SplitPlanner.of(SparkSession.active()).plan(needed).toArray(InputPartition[]::new);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return scan.readerFactories().ofPlan(query.answer().urls(), scan.table().tableId());
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ChangesBatch that && scan.equals(that.scan);
  }

  @Override
  public int hashCode() {
    return scan.hashCode();
  }
}
