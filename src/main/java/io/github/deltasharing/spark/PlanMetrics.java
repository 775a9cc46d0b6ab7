/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.pushdown.PrunedFiles;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/**
 * What planning a scan came to, for the Spark UI's SQL tab. The metric classes are public with a
 * no-argument constructor, for Spark makes them by name. Thread-safe.
 */
public final class PlanMetrics {
  static final String LISTED = "filesListed";
  static final String SKIPPED_BY_PARTITION = "filesSkippedByPartition";
  static final String SKIPPED_BY_STATISTICS = "filesSkippedByStatistics";
  static final String SKIPPED_BY_LIMIT = "filesSkippedByLimit";
  static final String SKIPPED_BY_RUNTIME_FILTER = "filesSkippedByRuntimeFilter";
  static final String PLANNING_TIME = "planningTime";

  private PrunedFiles files;
  private long planningMillis;
  private long skippedByRuntimeFilter;

  PlanMetrics() {}

  static CustomMetric[] all() {
    return new CustomMetric[] {
      new FilesListed(),
      new FilesSkippedByPartition(),
      new FilesSkippedByStatistics(),
      new FilesSkippedByLimit(),
      new FilesSkippedByRuntimeFilter(),
      new PlanningTime()
    };
  }

  synchronized void planned(PrunedFiles planned, long nanos) {
    files = planned;
    planningMillis = nanos / 1_000_000;
  }

  synchronized void skippedByRuntimeFilter(int skipped) {
    skippedByRuntimeFilter = skipped;
  }

  synchronized CustomTaskMetric[] values() {
    if (files == null) {
      return new CustomTaskMetric[0];
    }
    return new CustomTaskMetric[] {
      new Value(LISTED, files.listed()),
      new Value(SKIPPED_BY_PARTITION, files.skippedByPartition()),
      new Value(SKIPPED_BY_STATISTICS, files.skippedByStatistics()),
      new Value(SKIPPED_BY_LIMIT, files.skippedByLimit()),
      new Value(SKIPPED_BY_RUNTIME_FILTER, skippedByRuntimeFilter),
      new Value(PLANNING_TIME, planningMillis)
    };
  }

  private record Value(String name, long value) implements CustomTaskMetric {}

  /** Files in the listing. */
  public static final class FilesListed extends CustomSumMetric {
    @Override
    public String name() {
      return LISTED;
    }

    @Override
    public String description() {
      return "files listed by the server";
    }
  }

  /** Files that partition values rule out. */
  public static final class FilesSkippedByPartition extends CustomSumMetric {
    @Override
    public String name() {
      return SKIPPED_BY_PARTITION;
    }

    @Override
    public String description() {
      return "files skipped by partition values";
    }
  }

  /** Files that statistics rule out. */
  public static final class FilesSkippedByStatistics extends CustomSumMetric {
    @Override
    public String name() {
      return SKIPPED_BY_STATISTICS;
    }

    @Override
    public String description() {
      return "files skipped by statistics";
    }
  }

  /** Files that a LIMIT does not need. */
  public static final class FilesSkippedByLimit extends CustomSumMetric {
    @Override
    public String name() {
      return SKIPPED_BY_LIMIT;
    }

    @Override
    public String description() {
      return "files skipped for a limit";
    }
  }

  /** Files that the values of a join's other side rule out. */
  public static final class FilesSkippedByRuntimeFilter extends CustomSumMetric {
    @Override
    public String name() {
      return SKIPPED_BY_RUNTIME_FILTER;
    }

    @Override
    public String description() {
      return "files skipped by runtime filters";
    }
  }

  /** Milliseconds from the request to the list of files to read. */
  public static final class PlanningTime extends CustomSumMetric {
    @Override
    public String name() {
      return PLANNING_TIME;
    }

    @Override
    public String description() {
      return "planning time (ms)";
    }
  }
}
