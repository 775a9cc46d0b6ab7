/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The reads and streams of the suite. A read is added here; the build then keeps what Delta Lake
 * reads, and each line must read the same.
 */
public final class TableReads {
  /** The tables that are read whole. */
  public static final List<String> TABLES =
      List.of(
          "primitives",
          "julian_calendar",
          "timestamp_micros",
          "timestamps_ntz",
          "nested",
          "partitioned_strings",
          "partitioned_types",
          "only_partitions",
          "evolved",
          "checkpointed",
          "rewritten",
          "empty_partitioned",
          "odd_names",
          "deletion_vectors",
          "mapped_name",
          "mapped_id",
          "mapped_then_deleted",
          "writer_features",
          "added_with_default",
          "generated",
          "widened",
          "facts",
          "stores",
          "by_day");

  /** Those that are read by their directory in an object store, too. */
  public static final List<String> IN_BUCKETS =
      List.of("checkpointed", "deletion_vectors", "mapped_name", "by_day");

  /** Tables with changes and history. */
  public static final List<String> HISTORIES = List.of("plain", "vectors", "mapped", "by_id");

  private TableReads() {}

  /**
   * Predicates over "facts" that a filter, a hint or a statistic taken wrong answers with too few
   * rows.
   */
  private static final List<String> PREDICATES =
      List.of(
          "id < 90",
          "NOT (id = 5)",
          "id <> 5 OR name IS NULL",
          "name IS NULL",
          "NOT (name IS NOT NULL) AND id > 200",
          "name <=> NULL",
          "NOT (name <=> 'name 7')",
          "name NOT IN ('name 7', 'name 8')",
          "d = double('NaN')",
          "d > 100.0 OR d < -1.0",
          "NOT (d <= 3.5)",
          "d = 0.0",
          "at = timestamp'2024-01-01 00:00:00.150007'",
          "at >= timestamp'2024-01-01 00:00:00.150' AND at < timestamp'2024-01-01 00:00:00.151'",
          "day BETWEEN date'2024-01-02' AND date'2024-01-03'",
          "long > 'a text that is longer than thirty-two characters, number 250'",
          "long LIKE 'a text that is longer than thirty-two characters, number 25%'",
          "amount = 12.50",
          "amount IN (1.25, 2.50, 399.00)",
          "st.k = 3 OR st IS NULL",
          "st.t > 't 31'",
          "flag AND id % 2 = 0",
          "length(name) = 6 AND id < 150");

  /** Predicates over "by_day", about partition columns. */
  private static final List<String> PARTITION_PREDICATES =
      List.of(
          "p IS NULL",
          "p = 2",
          "NOT (p = 2)",
          "p <> 2 OR day IS NULL",
          "day = date'2024-01-02'",
          "day IS NULL OR p IS NULL",
          "p > 1 AND id < 60",
          "p + 1 = 3",
          "year(day) = 2024 AND dayofmonth(day) = 3",
          "date_format(day, 'EEEE') = 'Tuesday'",
          "concat(p, 'x') = '2x' OR coalesce(day, date'2020-01-01') = date'2020-01-01'",
          "p = 2 AND hash(day) % 2 = 0 AND id < 60");

  /** The reads. */
  public static List<SharedRead> reads() {
    List<SharedRead> reads = new ArrayList<>();
    TABLES.forEach(table -> reads.add(SharedRead.whole(table)));
    HISTORIES.forEach(table -> reads.add(SharedRead.whole(table)));
    for (String column :
        List.of(
            "person.name",
            "person.address.city",
            "people.name",
            "deep['k0'].items[0].x",
            "transform(people, p -> p.age)",
            "get(matrix, 0)")) {
      reads.add(
          SharedRead.select("nested, " + column.replaceAll("\\W+", " ").strip(), "nested", column));
    }
    predicates(reads, "facts", PREDICATES);
    predicates(reads, "by_day", PARTITION_PREDICATES);
    reads.add(
        SharedRead.where("deletions and a filter", "deletion_vectors", "id % 7 = 1 OR id > 8990"));
    reads.add(
        SharedRead.where(
            "mapped names and a filter",
            "mapped_name",
            "`a, renamed` IS NULL OR `a, renamed` > 1"));
    reads.add(
        SharedRead.where(
            "mapped ids and a filter", "mapped_id", "`a, renamed` IS NULL OR `a, renamed` > 1"));
    for (String version : List.of("1", "3", "8")) {
      reads.add(
          SharedRead.with(
              "plain as of version " + version, "plain", Map.of("versionAsOf", version)));
    }
    reads.add(
        SharedRead.with(
            "plain as of a time", "plain", Map.of("timestampAsOf", "2024-01-01 05:30:00")));
    reads.add(SharedRead.with("vectors as of version 4", "vectors", Map.of("versionAsOf", "4")));
    aggregates(reads);
    changes(reads);
    return reads;
  }

  private static void predicates(List<SharedRead> reads, String table, List<String> predicates) {
    for (String predicate : predicates) {
      reads.add(
          SharedRead.where(table + " " + (predicates.indexOf(predicate) + 1), table, predicate));
    }
  }

  private static void aggregates(List<SharedRead> reads) {
    reads.add(
        SharedRead.select(
            "facts, count and extremes",
            "facts",
            "count(*)",
            "count(name)",
            "min(id)",
            "max(id)",
            "max(day)"));
    reads.add(
        SharedRead.select(
            "facts, extremes that are cut", "facts", "min(at)", "max(at)", "max(long)", "max(d)"));
    reads.add(
        SharedRead.select(
            "deletions, count and extremes", "deletion_vectors", "count(*)", "min(id)", "max(id)"));
    reads.add(SharedRead.select("by_day, extremes", "by_day", "count(p)", "min(p)", "max(day)"));
  }

  private static void changes(List<SharedRead> reads) {
    for (String table : HISTORIES) {
      reads.add(
          SharedRead.with(
              table + ", all changes",
              table,
              Map.of("readChangeFeed", "true", "startingVersion", "0", "responseFormat", "delta")));
      reads.add(
          SharedRead.with(
              table + ", changes of some versions",
              table,
              Map.of(
                  "readChangeFeed", "true",
                  "startingVersion", "2",
                  "endingVersion", "3",
                  "responseFormat", "delta")));
    }
    reads.add(
        new SharedRead(
            "deletes only",
            "vectors",
            Map.of("readChangeFeed", "true", "startingVersion", "0", "responseFormat", "delta"),
            "_change_type = 'delete' AND _commit_version > 2",
            List.of("id", "name", "_commit_version")));
  }

  /** The streams. */
  public static List<SharedStream> streams() {
    return List.of(
        new SharedStream("stream of a table", "vectors", Map.of()),
        new SharedStream(
            "stream of commits", "plain", Map.of("startingVersion", "0", "ignoreChanges", "true")),
        new SharedStream(
            "stream of changes",
            "mapped",
            Map.of("readChangeFeed", "true", "startingVersion", "0", "responseFormat", "delta")),
        new SharedStream(
            "stream of the snapshot and changes",
            "vectors",
            Map.of("readChangeFeed", "true", "responseFormat", "delta")));
  }
}
