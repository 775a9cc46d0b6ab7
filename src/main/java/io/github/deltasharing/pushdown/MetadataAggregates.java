/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.table.FileFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.types.StructType;

/**
 * COUNT, MIN and MAX, also grouped by partition columns, computed from exact partition values and
 * statistics of the files. If one file lacks them, there is no result. Immutable.
 */
public final class MetadataAggregates {
  private final List<ScanColumn> groups;
  private final List<MetadataAggregate> functions;
  private final List<ScanColumn> notNull;
  private final StructType schema;

  private MetadataAggregates(
      List<ScanColumn> groups, List<MetadataAggregate> functions, List<ScanColumn> notNull) {
    this.notNull = notNull;
    this.groups = groups;
    this.functions = functions;
    StructType result = new StructType();
    for (ScanColumn group : groups) {
      result = result.add(group.toString(), group.type());
    }
    for (MetadataAggregate function : functions) {
      result = result.add(function.name(), function.type());
    }
    this.schema = result;
  }

  /** Empty when statistics can never compute this. */
  public static Optional<MetadataAggregates> of(Aggregation aggregation, ScanColumns columns) {
    List<ScanColumn> groups = new ArrayList<>();
    for (Expression expression : aggregation.groupByExpressions()) {
      Optional<ScanColumn> column =
          expression instanceof NamedReference name ? columns.find(name) : Optional.empty();
      if (column.filter(found -> found.file().isExactPartition()).isEmpty()) {
        return Optional.empty();
      }
      groups.add(column.get());
    }
    List<MetadataAggregate> functions = new ArrayList<>();
    for (AggregateFunc function : aggregation.aggregateExpressions()) {
      Optional<MetadataAggregate> known = MetadataAggregate.of(function, columns);
      if (known.isEmpty()) {
        return Optional.empty();
      }
      functions.add(known.get());
    }
    return Optional.of(new MetadataAggregates(groups, functions, columns.notNull()));
  }

  /** The columns of the result: groups, then aggregates. */
  public StructType schema() {
    return schema;
  }

  /** In words, for a plan. */
  public String describe() {
    return functions + (groups.isEmpty() ? "" : " by " + groups);
  }

  /**
   * The result; empty when something of a file is not exactly known.
   *
   * @param table for messages
   * @param timeZone of the session
   */
  public Optional<InternalRow[]> rows(List<AddFile> files, String table, String timeZone) {
    PartitionRows values = new PartitionRows(groups, timeZone);
    Map<List<Object>, MetadataAggregate.State[]> states = new LinkedHashMap<>();
    if (groups.isEmpty()) {
      states.put(List.of(), newStates());
    }
    for (AddFile file : files) {
      FileFacts facts = FileFacts.of(file);
      OptionalLong rows = facts.liveRows();
      // Of columns that are never null Spark counts rows: those with a null are found by reading.
      if (rows.isEmpty() || notNull.stream().anyMatch(column -> column.file().hasNulls(facts))) {
        return Optional.empty();
      }
      if (rows.getAsLong() > 0) {
        InternalRow key = values.of(table, file);
        MetadataAggregate.State[] group = states.computeIfAbsent(key(key), k -> newStates());
        for (int i = 0; i < group.length; i++) {
          if (!functions.get(i).add(group[i], facts)) {
            return Optional.empty();
          }
        }
      }
    }
    return Optional.of(
        states.entrySet().stream()
            .map(entry -> row(entry.getKey(), entry.getValue()))
            .toArray(InternalRow[]::new));
  }

  private List<Object> key(InternalRow row) {
    List<Object> key = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      key.add(row.get(i, groups.get(i).type()));
    }
    return key;
  }

  private MetadataAggregate.State[] newStates() {
    return functions.stream()
        .map(function -> new MetadataAggregate.State())
        .toArray(MetadataAggregate.State[]::new);
  }

  private InternalRow row(List<Object> key, MetadataAggregate.State[] states) {
    Object[] row = new Object[schema.length()];
    for (int i = 0; i < row.length; i++) {
      int function = i - key.size();
      row[i] = function < 0 ? key.get(i) : functions.get(function).result(states[function]);
    }
    return new GenericInternalRow(row);
  }
}
