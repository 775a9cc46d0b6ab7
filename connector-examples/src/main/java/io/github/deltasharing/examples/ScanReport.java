/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.adaptive.QueryStageExec;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import scala.collection.JavaConverters;

/**
 * How much a query read from the provider's store, summed over its scans: the metrics that the
 * Spark UI shows on its SQL tab, for programs.
 *
 * @param files file splits opened
 * @param bytes bytes fetched
 * @param requests requests sent to the store
 * @param connections connections opened for them
 */
public record ScanReport(long files, long bytes, long requests, long connections) {
  /** Reads the metrics of a query that has run. */
  public static ScanReport of(Dataset<?> query) {
    return of(query.queryExecution().executedPlan());
  }

  private static ScanReport of(SparkPlan plan) {
    if (plan instanceof AdaptiveSparkPlanExec adaptive) {
      return of(adaptive.executedPlan());
    }
    if (plan instanceof QueryStageExec stage) {
      return of(stage.plan());
    }
    if (plan instanceof BatchScanExec scan) {
      return new ScanReport(
          metric(scan, "filesRead"),
          metric(scan, "bytesFetched"),
          metric(scan, "storeRequests"),
          metric(scan, "storeConnections"));
    }
    ScanReport sum = new ScanReport(0, 0, 0, 0);
    for (SparkPlan child : JavaConverters.seqAsJavaList(plan.children())) {
      ScanReport part = of(child);
      sum =
          new ScanReport(
              sum.files + part.files,
              sum.bytes + part.bytes,
              sum.requests + part.requests,
              sum.connections + part.connections);
    }
    return sum;
  }

  private static long metric(BatchScanExec scan, String name) {
    return scan.metrics().contains(name) ? scan.metrics().apply(name).value() : 0;
  }

  @Override
  public String toString() {
    return "%d files, %,d bytes, in %d requests over %d new connections"
        .formatted(files, bytes, requests, connections);
  }
}
