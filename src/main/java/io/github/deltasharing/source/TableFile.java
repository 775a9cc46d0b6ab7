/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

import java.util.Map;
import java.util.Optional;

/**
 * A data file of a version of a table. Immutable.
 *
 * @param relativePath the path below the table's directory, decoded
 * @param partitionValues by physical name, null for SQL null
 * @param size in bytes
 * @param modificationTime in milliseconds since the epoch
 * @param dataChange whether the table's rows changed by it
 * @param stats the statistics, JSON as in a Delta log
 * @param deletionVector the rows that are deleted
 */
public record TableFile(
    String relativePath,
    Map<String, String> partitionValues,
    long size,
    long modificationTime,
    boolean dataChange,
    Optional<String> stats,
    Optional<StoredVector> deletionVector) {

  /** The rows that the deletion vector removes. */
  public long deletedRows() {
    return deletionVector.map(StoredVector::cardinality).orElse(0L);
  }
}
