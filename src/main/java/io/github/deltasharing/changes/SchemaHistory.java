/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.error.ChangeErrors;
import io.github.deltasharing.protocol.Metadata;
import java.util.Optional;

/**
 * Whether files that were written under one schema of a table can be read by another one of it, as
 * Delta Lake decides it for change feeds in batch: columns may be added and nothing else.
 * Immutable.
 */
public final class SchemaHistory {
  private final String table;
  private final Metadata read;
  private final long readVersion;
  private final boolean ownEnd;

  /**
   * @param table for messages
   * @param read by whose schema changes are read
   * @param readVersion of the table to which that belongs
   */
  public SchemaHistory(String table, Metadata read, long readVersion) {
    this(table, read, readVersion, false);
  }

  /**
   * @param ownEnd whether that version is the end of the range that is read, not the latest
   */
  public SchemaHistory(String table, Metadata read, long readVersion, boolean ownEnd) {
    this.ownEnd = ownEnd;
    this.table = table;
    this.read = read;
    this.readVersion = readVersion;
  }

  /** Whether files of another version can be read. */
  public boolean reads(Metadata other, long version) {
    return difference(other, version).isEmpty();
  }

  /**
   * Refuses a range with versions whose files cannot be read.
   *
   * @throws io.github.deltasharing.error.SharingException naming the versions and the column
   */
  public void check(ChangesResult answer) {
    Metadata first = answer.table().metadata();
    long start = first.version() == null ? answer.table().version() : first.version();
    // A range whose schema did not change has the one that it is read by, if it ends there; some
    // servers send the latest instead.
    boolean ofStart = !answer.laterMetadata().isEmpty() || first.version() != null || !ownEnd;
    if (ofStart || !first.id().equals(read.id())) {
      check(first, start, next(answer, start));
    }
    for (Metadata later : answer.laterMetadata()) {
      long version = later.version() == null ? start : later.version();
      check(later, version, next(answer, version));
    }
  }

  /** The first version after {@code version} with another schema; −1 where none is known. */
  private static long next(ChangesResult answer, long version) {
    return answer.laterMetadata().stream()
        .map(Metadata::version)
        .filter(later -> later != null && later > version)
        .min(Long::compare)
        .orElse(-1L);
  }

  /**
   * Refuses metadata of another version if files of that version cannot be read.
   *
   * @throws io.github.deltasharing.error.SharingException naming the version and the column
   */
  public void check(Metadata other, long version) {
    check(other, version, -1);
  }

  private void check(Metadata other, long version, long next) {
    if (!other.id().equals(read.id())) {
      throw ChangeErrors.replacedInRange(table, version);
    }
    difference(other, version)
        .ifPresent(
            difference -> {
              throw version > readVersion
                  ? ChangeErrors.changedSince(table, version, difference)
                  : ChangeErrors.incompatibleSchema(table, version, readVersion, next, difference);
            });
  }

  private Optional<String> difference(Metadata other, long version) {
    boolean later = version > readVersion;
    return new SchemaDifference(later, true, false)
        .between(table, later ? read : other, later ? other : read);
  }
}
