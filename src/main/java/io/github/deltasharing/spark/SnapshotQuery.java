package io.github.deltasharing.spark;

import io.github.deltasharing.client.ScanHints;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One question for the files of a table, asked when the answer is first needed, and once: all of a
 * plan's copies of a scan read the same snapshot. Driver only; thread-safe.
 */
final class SnapshotQuery {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotQuery.class);

  private final SharingTable table;
  private final ScanHints hints;
  private final Object planning = QuerySnapshots.planning();
  private Snapshot answer;
  private long nanos;

  SnapshotQuery(SharingTable table, ScanHints hints) {
    this.table = table;
    this.hints = hints;
  }

  synchronized Snapshot answer() {
    if (answer == null) {
      long start = System.nanoTime();
      Snapshot now =
          QuerySnapshots.shared()
              .get(
                  SparkSession.active(),
                  planning,
                  table.versionIdentity(),
                  table.identity(),
                  hints,
                  pinned -> table.query(hints, pinned));
      // Kept only when it fits: Spark may ask again after a failure.
      table.check(now.result().table());
      answer = now;
      nanos = System.nanoTime() - start;
      LOG.info(
          "{} version {}: {} files listed in {} ms",
          table.name(),
          answer.result().table().version(),
          answer.result().files().size(),
          nanos / 1_000_000);
    }
    return answer;
  }

  /** How long the answer took; 0 before it came. */
  synchronized long nanos() {
    return nanos;
  }
}
