/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.adaptive.QueryStageExec;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.apache.spark.sql.execution.exchange.ReusedExchangeExec;
import scala.collection.JavaConverters;

/** The scans in the plan of a query that has run, and their metrics. */
public final class ScanNodes {
  private ScanNodes() {}

  /**
   * The plan as it ran, adaptive wrappers opened; plans that reuse another's exchange end there.
   */
  public static List<SparkPlan> nodes(Dataset<?> query) {
    List<SparkPlan> nodes = new ArrayList<>();
    collect(query.queryExecution().executedPlan(), nodes);
    return nodes;
  }

  private static void collect(SparkPlan plan, List<SparkPlan> out) {
    if (plan instanceof AdaptiveSparkPlanExec adaptive) {
      collect(adaptive.executedPlan(), out);
    } else if (plan instanceof QueryStageExec stage) {
      collect(stage.plan(), out);
    } else {
      out.add(plan);
      if (!(plan instanceof ReusedExchangeExec)) {
        JavaConverters.seqAsJavaList(plan.children()).forEach(child -> collect(child, out));
      }
    }
  }

  /** The metrics of the scans of tables whose name ends so, summed by name. */
  public static Map<String, Long> metrics(Dataset<?> query, String table) {
    Map<String, Long> sums = new TreeMap<>();
    for (SparkPlan node : nodes(query)) {
      if (node instanceof BatchScanExec scan && scan.scan().description().contains("." + table)) {
        JavaConverters.mapAsJavaMap(scan.metrics())
            .forEach((name, metric) -> sums.merge(name, metric.value(), Long::sum));
      }
    }
    return sums;
  }
}
