/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Who made a row and changed it last. Immutable.
 *
 * @param version goes up with each change: what a change must name that is not to undo another
 * @param createdAt when it was made
 * @param createdBy the principal that made it
 * @param updatedAt when it was changed last
 * @param updatedBy the principal that changed it last
 */
public record Provenance(
    long version, Instant createdAt, String createdBy, Instant updatedAt, String updatedBy) {
  /** Names this version, and no version of another row that had the same name before. */
  public String tag() {
    return version + "-" + Long.toString(createdAt.toEpochMilli(), Character.MAX_RADIX);
  }

  static Provenance of(ResultSet row) throws SQLException {
    return new Provenance(
        row.getLong("version"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        row.getString("created_by"),
        Instant.ofEpochMilli(row.getLong("updated_at")),
        row.getString("updated_by"));
  }
}
