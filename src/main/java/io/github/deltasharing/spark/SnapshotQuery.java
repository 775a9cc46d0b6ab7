/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.ScanHints;
import io.github.deltasharing.listing.Listed;
import io.github.deltasharing.listing.SnapshotRequest;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request for the files of a table, sent once, when the listing is first needed: all of a
 * plan's copies of a scan read the same snapshot. Driver only; thread-safe.
 */
final class SnapshotQuery {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotQuery.class);

  /** Of this driver. */
  private static final QueryListings<QueryResult> LISTINGS =
      new QueryListings<>(ScanHints.NONE, result -> result.table().version());

  private final LoadedTable table;
  private final ScanHints hints;
  private final Object planning = QueryListings.planning();
  private Listed<QueryResult> listing;
  private long nanos;

  SnapshotQuery(LoadedTable table, ScanHints hints) {
    this.table = table;
    this.hints = hints;
  }

  synchronized Listed<QueryResult> listing() {
    if (listing == null) {
      long start = System.nanoTime();
      Listed<QueryResult> now =
          LISTINGS.get(
              SparkSession.active(),
              new QueryListings.Read(
                  planning, table.versionIdentity(), table.readIdentity(), hints),
              pinned ->
                  table.files().snapshot(new SnapshotRequest(table.asOf(), hints, null, pinned)));
      // Kept only when it fits: Spark may plan again after a failure.
      table.check(now.result().table());
      listing = now;
      nanos = System.nanoTime() - start;
      LOG.info(
          "{} version {}: {} files listed in {} ms",
          table.name(),
          listing.result().table().version(),
          listing.result().files().size(),
          nanos / 1_000_000);
    }
    return listing;
  }

  /** How long the listing took; 0 before it is there. */
  synchronized long nanos() {
    return nanos;
  }
}
