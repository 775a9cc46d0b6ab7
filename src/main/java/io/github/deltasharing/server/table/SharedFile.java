package io.github.deltasharing.server.table;

import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import java.util.Map;
import java.util.Optional;

/**
 * A data file of a version of a table, as its log has it. Immutable.
 *
 * @param relativePath the path below the table's directory, decoded
 * @param partitionValues by physical name, null for SQL null
 * @param size in bytes
 * @param modificationTime in milliseconds since the epoch
 * @param dataChange the log's flag
 * @param stats the statistics as the log has them
 * @param deletionVector the rows that are deleted
 */
public record SharedFile(
    String relativePath,
    Map<String, String> partitionValues,
    long size,
    long modificationTime,
    boolean dataChange,
    Optional<String> stats,
    Optional<DeletionVectorDescriptor> deletionVector) {

  /** The rows that the deletion vector removes. */
  public long deletedRows() {
    return deletionVector.map(DeletionVectorDescriptor::getCardinality).orElse(0L);
  }
}
