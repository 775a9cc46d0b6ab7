/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import io.github.deltasharing.storage.IoStats;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** One metric's value in one task. */
record SharingTaskMetric(String name, long value) implements CustomTaskMetric {
  static CustomTaskMetric[] of(IoStats stats, long filesRead, long rowsDeleted) {
    return new CustomTaskMetric[] {
      new SharingTaskMetric(ScanMetrics.FILES_READ, filesRead),
      new SharingTaskMetric(ScanMetrics.ROWS_DELETED, rowsDeleted),
      new SharingTaskMetric(ScanMetrics.BYTES_FETCHED, stats.bytesFetched()),
      new SharingTaskMetric(ScanMetrics.BYTES_FROM_CACHE, stats.bytesFromCache()),
      new SharingTaskMetric(ScanMetrics.BYTES_NEEDED, stats.bytesNeeded()),
      new SharingTaskMetric(ScanMetrics.BYTES_WASTED, stats.bytesWasted()),
      new SharingTaskMetric(ScanMetrics.WAIT_TIME, stats.waitedMillis()),
      new SharingTaskMetric(ScanMetrics.ROW_GROUPS_SKIPPED, stats.rowGroupsSkipped()),
      new SharingTaskMetric(ScanMetrics.REQUESTS, stats.requests()),
      new SharingTaskMetric(ScanMetrics.CONNECTIONS, stats.connections()),
      new SharingTaskMetric(ScanMetrics.RETRIES, stats.retries()),
      new SharingTaskMetric(ScanMetrics.URL_REFRESHES, stats.urlRefreshes())
    };
  }
}
