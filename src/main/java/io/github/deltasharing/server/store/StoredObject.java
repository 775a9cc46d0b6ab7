/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import io.github.deltasharing.server.share.SharedTable;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * What a share holds: a table, or a directory with all tables in it as a schema. Immutable.
 *
 * @param id the table's id to recipients
 * @param type which of the two
 * @param name how the provider calls it
 * @param schema the schema that recipients see it in
 * @param table the table that recipients see; empty for a whole schema
 * @param location where it lies
 * @param comment what it is
 * @param historyShared whether recipients may read versions other than the latest
 * @param startVersion the first version that recipients may read
 * @param addedAt when it was added
 * @param addedBy who added it
 */
public record StoredObject(
    String id,
    Type type,
    String name,
    String schema,
    String table,
    URI location,
    Optional<String> comment,
    boolean historyShared,
    long startVersion,
    Instant addedAt,
    String addedBy) {
  /** What is shared. */
  public enum Type {
    TABLE,
    SCHEMA
  }

  /** The table as recipients see it. */
  public SharedTable shared(String share) {
    return new SharedTable(share, schema, table, location, id, historyShared, startVersion);
  }
}
