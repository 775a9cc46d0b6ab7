/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.expressions.filter.PartitionPredicate;
import org.apache.spark.sql.connector.expressions.filter.Predicate;

/** The one use of a type that only Spark 4.2 and later has. Stateless. */
final class PartitionPredicateCall {
  private PartitionPredicateCall() {}

  /**
   * Whether the partition may have a row for which the predicate is true.
   *
   * @param partition the values of all partition columns, in the order of the table's partitioning
   */
  static boolean eval(Predicate predicate, InternalRow partition) {
    return ((PartitionPredicate) predicate).eval(partition);
  }
}
