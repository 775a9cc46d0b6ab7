package io.github.deltasharing.changes;

import io.github.deltasharing.error.ChangeErrors;
import io.github.deltasharing.protocol.Metadata;

/**
 * Whether files that were written under one schema of a table can be read by another one of it, as
 * Delta Lake decides it for change feeds in batch: columns may be added and nothing else.
 * Immutable.
 */
public final class SchemaHistory {
  private final String table;
  private final Metadata read;
  private final long readVersion;

  /**
   * @param table for messages
   * @param read by whose schema changes are read
   * @param readVersion of the table to which that belongs
   */
  public SchemaHistory(String table, Metadata read, long readVersion) {
    this.table = table;
    this.read = read;
    this.readVersion = readVersion;
  }

  /**
   * Refuses metadata of another version if files of that version cannot be read.
   *
   * @throws io.github.deltasharing.error.SharingException naming the version and the column
   */
  public void check(Metadata other, long version) {
    if (!other.id().equals(read.id())) {
      throw ChangeErrors.replacedInRange(table, version);
    }
    boolean later = version > readVersion;
    new SchemaDifference(later, true, false)
        .between(table, later ? read : other, later ? other : read)
        .ifPresent(
            difference -> {
              throw later
                  ? ChangeErrors.changedSince(table, version, difference)
                  : ChangeErrors.incompatibleSchema(table, version, difference);
            });
  }
}
