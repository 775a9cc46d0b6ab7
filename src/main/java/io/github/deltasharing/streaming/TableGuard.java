/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.changes.SchemaDifference;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.StreamErrors;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.schema.TableFeatures;
import java.util.HashSet;
import java.util.Set;

/**
 * Sees to it that what is read belongs to the table that the stream was defined with, and fits its
 * schema. Used by the stream's thread.
 */
public final class TableGuard {
  /** Earlier versions may lack columns that the stream has, and have narrower ones. */
  private static final SchemaDifference EARLIER = new SchemaDifference(false, true, true);

  /** A later version with another schema is for a stream that was started after it. */
  private static final SchemaDifference LATER = new SchemaDifference(true, false, false);

  private final TableName table;
  private final TableMetadata defined;

  /** What was found to fit: the same schemas come with every response. */
  private final Set<Known> fitting = new HashSet<>();

  private record Known(boolean later, String schema, Object partitions, Object properties) {}

  /**
   * @param defined the table's metadata, from which the stream has its schema
   */
  public TableGuard(TableName table, TableMetadata defined) {
    this.table = table;
    this.defined = defined;
  }

  String tableId() {
    return defined.metadata().id();
  }

  TableName table() {
    return table;
  }

  /** Refuses an offset of another table. */
  void check(SharingOffset offset) {
    if (!offset.isInitial()) {
      checkId(offset.tableId(), tableId());
    }
  }

  /** Refuses the table if it is another one by now. */
  void check(TableMetadata now) {
    checkId(tableId(), now.metadata().id());
  }

  private void checkId(String expected, String found) {
    if (!expected.equals(found)) {
      throw StreamErrors.streamTableReplaced(table.toString(), expected, found);
    }
  }

  /**
   * Refuses a version whose files would be read wrong.
   *
   * @param metadata what was in force at the version
   * @throws io.github.deltasharing.error.SharingException if the schema lacks something, or the
   *     connector
   */
  void check(long version, Metadata metadata, Protocol protocol) {
    checkId(tableId(), metadata.id());
    TableFeatures.check(table.toString(), protocol, metadata);
    boolean later = version > defined.version();
    Known known =
        new Known(
            later, metadata.schemaString(), metadata.partitionColumns(), metadata.configuration());
    if (!fitting.contains(known)) {
      Metadata read = defined.metadata();
      (later ? LATER : EARLIER)
          .between(table.toString(), later ? read : metadata, later ? metadata : read)
          .ifPresent(
              difference -> {
                throw StreamErrors.streamSchemaChanged(
                    table.toString(), version, difference, later);
              });
      fitting.add(known);
    }
  }
}
