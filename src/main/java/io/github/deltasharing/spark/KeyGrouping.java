/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileScanTask;
import io.github.deltasharing.read.KeyedInputPartition;
import io.github.deltasharing.read.PartitionValues;
import io.github.deltasharing.read.SharingInputPartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Makes partitions whose files all have the same partition values, for joins by these. Immutable;
 * driver only.
 *
 * @param table for messages
 * @param key the partition columns that are read
 * @param timeZone of the session
 */
record KeyGrouping(String table, StructType key, String timeZone) {
  /**
   * Partitions of one key each. Splits that are not wanted are taken from finished partitions:
   * Spark expects no more partitions for a key than were reported before the filter was known.
   */
  List<KeyedInputPartition> plan(
      List<FileScanTask> splits, Predicate<FileScanTask> wanted, SplitPlanner planner) {
    Map<List<String>, List<FileScanTask>> groups = new LinkedHashMap<>();
    for (FileScanTask split : splits) {
      groups
          .computeIfAbsent(Arrays.asList(split.partitionValues()), values -> new ArrayList<>())
          .add(split);
    }
    PartitionValues values = new PartitionValues(key, timeZone);
    List<KeyedInputPartition> partitions = new ArrayList<>();
    for (List<FileScanTask> group : groups.values()) {
      FileScanTask first = group.get(0);
      InternalRow row = values.row(table, first.file().id(), first.partitionValues());
      for (SharingInputPartition partition : planner.plan(group)) {
        List<FileScanTask> left = partition.splits().stream().filter(wanted).toList();
        if (!left.isEmpty()) {
          partitions.add(new KeyedInputPartition(row, left));
        }
      }
    }
    return partitions;
  }
}
