/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.table.FileFilter;
import java.util.Arrays;
import org.apache.spark.sql.connector.expressions.filter.Predicate;

/** Filters that Spark learns while a query runs, such as the keys of a join's other side. */
public final class RuntimeFilters {
  private RuntimeFilters() {}

  /** The filter that keeps every file with a row that matches all predicates. */
  public static FileFilter of(Predicate[] predicates, ScanColumns columns) {
    PredicateParser parser = new PredicateParser(columns);
    return FileFilter.and(
        Arrays.stream(predicates)
            .map(
                predicate ->
                    isEmptyIn(predicate)
                        ? FileFilter.FALSE
                        : FileFilters.of(parser.parse(predicate)))
            .toList());
  }

  /** The join's other side has no rows. */
  private static boolean isEmptyIn(Predicate predicate) {
    return predicate.name().equals("IN") && predicate.children().length == 1;
  }
}
