package io.github.deltasharing.read;

import io.github.deltasharing.storage.IoStats;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** One metric's value in one task. */
record SharingTaskMetric(String name, long value) implements CustomTaskMetric {
  static CustomTaskMetric[] of(IoStats stats, long filesRead) {
    return new CustomTaskMetric[] {
      new SharingTaskMetric(ScanMetrics.FILES_READ, filesRead),
      new SharingTaskMetric(ScanMetrics.BYTES_FETCHED, stats.bytesFetched()),
      new SharingTaskMetric(ScanMetrics.REQUESTS, stats.requests()),
      new SharingTaskMetric(ScanMetrics.RETRIES, stats.retries())
    };
  }
}
