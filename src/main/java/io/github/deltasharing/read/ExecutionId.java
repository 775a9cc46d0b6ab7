/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;

/** Which run of a query this is, by Spark's number of it. Stateless. */
public final class ExecutionId {
  /** Of the query that a command or a cached query is part of. */
  private static final String ROOT_ID = "spark.sql.execution.root.id";

  private static final String ID = "spark.sql.execution.id";

  private ExecutionId() {}

  /** The one that this thread of the driver runs; null for none. */
  public static String ofDriver(SparkContext context) {
    String root = context.getLocalProperty(ROOT_ID);
    return root == null ? context.getLocalProperty(ID) : root;
  }

  /** The one that a task is part of; null for none. */
  static String ofTask(TaskContext task) {
    if (task == null) {
      return null;
    }
    String root = task.getLocalProperty(ROOT_ID);
    return root == null ? task.getLocalProperty(ID) : root;
  }
}
