/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;

/**
 * A table with one state of its metadata. Immutable.
 *
 * @param lineage its versions
 * @param deletes reads its position deletes
 * @param planning the threads that read manifests
 * @param indexes keeps the files of versions
 */
record LoadedTable(
    IcebergTable table,
    TableMetadata metadata,
    Lineage lineage,
    PositionDeleteFiles deletes,
    ExecutorService planning,
    ManifestIndexes indexes) {
  static LoadedTable of(
      IcebergTable table,
      TableMetadata metadata,
      Optional<String> ref,
      PositionDeleteFiles deletes,
      ExecutorService planning,
      ManifestIndexes indexes) {
    return new LoadedTable(
        table, metadata, Lineage.of(table, metadata, ref), deletes, planning, indexes);
  }

  IcebergSnapshot snapshot(TableVersion version) {
    return new IcebergSnapshot(this, version);
  }

  /** For Iceberg's planning, which reads by the table's own store. */
  Table icebergTable(TableFileIo io, Snapshot snapshot) {
    return new OneSnapshot(new StaticTableOperations(metadata, io), table.name(), snapshot);
  }

  /** A table of which one snapshot is read. */
  private static final class OneSnapshot extends BaseTable {
    private static final long serialVersionUID = 1L;

    private final Snapshot snapshot;

    OneSnapshot(TableOperations operations, String name, Snapshot snapshot) {
      super(operations, name, report -> {});
      this.snapshot = snapshot;
    }

    @Override
    public Snapshot snapshot(long id) {
      return id == snapshot.snapshotId() ? snapshot : super.snapshot(id);
    }
  }
}
