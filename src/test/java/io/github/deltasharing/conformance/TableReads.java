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
          "generated");

  /** Tables with changes and history. */
  public static final List<String> HISTORIES = List.of("plain", "vectors", "mapped", "by_id");

  private TableReads() {}

  /** The reads. */
  public static List<SharedRead> reads() {
    List<SharedRead> reads = new ArrayList<>();
    TABLES.forEach(table -> reads.add(SharedRead.whole(table)));
    return reads;
  }

  /** The streams. */
  public static List<SharedStream> streams() {
    return List.of(new SharedStream("stream of the snapshot", "vectors", Map.of()));
  }
}
