/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.AddFile;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.expressions.filter.Predicate;

/**
 * Predicates of any expression over partition columns, functions of the user among them. Spark 4.2
 * and later offers them after all others, and evaluates them itself on a file's partition values.
 * Driver only; immutable.
 */
public final class PartitionPredicates {
  /** None, which is all that older lines offer. */
  public static final PartitionPredicates NONE = new PartitionPredicates(List.of(), List.of());

  /** The name by which they are known where their class is not there. */
  private static final String NAME = "PARTITION_PREDICATE";

  private final List<Predicate> predicates;
  private final List<ScanColumn> columns;

  private PartitionPredicates(List<Predicate> predicates, List<ScanColumn> columns) {
    this.predicates = predicates;
    this.columns = columns;
  }

  /** Whether predicates are of this kind: Spark offers them in a call of their own. */
  public static boolean are(Predicate[] predicates) {
    return predicates.length > 0
        && Arrays.stream(predicates).allMatch(predicate -> predicate.name().equals(NAME));
  }

  /**
   * @param partitionColumns all of the table, in the order of its partitioning
   */
  public static PartitionPredicates of(
      Predicate[] predicates, List<String> partitionColumns, ScanColumns columns) {
    return new PartitionPredicates(
        List.of(predicates),
        partitionColumns.stream()
            .map(name -> columns.find(ScanColumns.reference(name)).orElseThrow())
            .toList());
  }

  boolean isEmpty() {
    return predicates.isEmpty();
  }

  /**
   * The files whose partition values satisfy all of them.
   *
   * @throws io.github.deltasharing.error.SharingException if a partition value is not of its type
   */
  List<AddFile> matching(String table, List<AddFile> files, String timeZone) {
    if (isEmpty()) {
      return files;
    }
    PartitionRows values = new PartitionRows(columns, timeZone);
    return files.stream()
        .filter(
            file -> {
              InternalRow row = values.of(table, file);
              return predicates.stream()
                  .allMatch(predicate -> PartitionPredicateCall.eval(predicate, row));
            })
        .toList();
  }

  /** In words, for a plan. */
  String describe() {
    return isEmpty()
        ? ""
        : predicates.stream()
            .map(String::valueOf)
            .collect(Collectors.joining(", ", "by expressions of partition values: [", "]"));
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof PartitionPredicates that && predicates.equals(that.predicates);
  }

  @Override
  public int hashCode() {
    return predicates.hashCode();
  }
}
