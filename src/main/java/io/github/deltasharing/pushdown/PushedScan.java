/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.connector.expressions.SortOrder;

/** All that is pushed into one scan. Immutable; equal scans of one table read the same files. */
public final class PushedScan {
  private final PushedPredicates predicates;
  private final PartitionPredicates partitions;
  private final OptionalInt limit;
  private final TopN topN;

  private PushedScan(
      PushedPredicates predicates, PartitionPredicates partitions, OptionalInt limit, TopN topN) {
    this.predicates = predicates;
    this.partitions = partitions;
    this.limit = limit;
    this.topN = topN;
  }

  /** Predicates alone. */
  public static PushedScan of(PushedPredicates predicates) {
    return new PushedScan(predicates, PartitionPredicates.NONE, OptionalInt.empty(), null);
  }

  /** The same without files whose partition values do not satisfy these. */
  public PushedScan where(PartitionPredicates partitions) {
    return new PushedScan(predicates, partitions, limit, topN);
  }

  /** The same for some rows, whichever. */
  public PushedScan limitedTo(int rows) {
    return new PushedScan(predicates, partitions, OptionalInt.of(rows), null);
  }

  /** The same for the first rows of an order; empty where the order cannot be used. */
  public Optional<PushedScan> firstBy(SortOrder[] orders, int rows, ScanColumns columns) {
    return TopN.of(orders, rows, columns)
        .map(first -> new PushedScan(predicates, partitions, limit, first));
  }

  public PushedPredicates predicates() {
    return predicates;
  }

  PartitionPredicates partitions() {
    return partitions;
  }

  public OptionalInt limit() {
    return limit;
  }

  TopN topN() {
    return topN;
  }

  /** In words, for a plan; empty when nothing is pushed. */
  public String describe() {
    List<String> parts = new ArrayList<>();
    parts.add(predicates.describe());
    parts.add(partitions.describe());
    limit.ifPresent(rows -> parts.add("limit: " + rows));
    if (topN != null) {
      parts.add(topN.toString());
    }
    parts.removeIf(String::isEmpty);
    return String.join("; ", parts);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof PushedScan that
        && predicates.equals(that.predicates)
        && partitions.equals(that.partitions)
        && limit.equals(that.limit)
        && Objects.equals(topN, that.topN);
  }

  @Override
  public int hashCode() {
    return Objects.hash(predicates, limit);
  }
}
