/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.TableAccess;
import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.TableRows;
import io.github.deltasharing.source.TableSnapshot;
import io.github.deltasharing.source.index.IndexKey;
import io.github.deltasharing.source.index.IndexedFiles;
import io.github.deltasharing.source.index.IndexedSnapshot;
import io.github.deltasharing.source.kernel.FirstRows;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.io.CloseableIterable;

/** One version of an Iceberg table in the terms of Delta. Safe for use by several threads. */
final class IcebergSnapshot implements IndexedSnapshot {
  private static final int READER_VERSION = 3;
  private static final int WRITER_VERSION = 7;
  private static final int PLAIN_VERSION = 1;

  private final LoadedTable loaded;
  private final TableVersion version;
  private final Schema schema;
  private final DeltaSchemaJson.Written written;
  private final VersionPlan plan;
  private final IdentityPartitions partitions;

  /** Whether columns are found by their ids, which is a table feature. */
  private final boolean mapped;

  IcebergSnapshot(LoadedTable loaded, TableVersion version) {
    this(
        loaded,
        version,
        new VersionPlan(loaded, version),
        !ColumnsByName.isUsed(loaded.metadata()));
  }

  private IcebergSnapshot(
      LoadedTable loaded, TableVersion version, VersionPlan plan, boolean mapped) {
    this.mapped = mapped;
    this.loaded = loaded;
    this.version = version;
    this.schema = schema(loaded, version);
    this.written = DeltaSchemaJson.of(loaded.table(), schema, loaded.metadata(), mapped);
    this.plan = plan;
    this.partitions = new IdentityPartitions(loaded, schema);
    if (ColumnsByName.isUsed(loaded.metadata())) {
      ColumnsByName.require(loaded, schema, partitions);
    }
  }

  /** The head has the table's schema of now, an older version the one that it was written with. */
  static Schema schema(LoadedTable loaded, TableVersion version) {
    Snapshot snapshot = version.snapshot();
    if (snapshot == null || snapshot.schemaId() == null || loaded.lineage().isCurrent(version)) {
      return loaded.metadata().schema();
    }
    Schema written = loaded.metadata().schemasById().get(snapshot.schemaId());
    if (written == null) {
      throw loaded
          .table()
          .unsupported(
              "the schema of version %d is not in the metadata any more"
                  .formatted(version.version()));
    }
    return written;
  }

  @Override
  public long version() {
    return version.version();
  }

  @Override
  public long timestamp() {
    return version.timestamp();
  }

  @Override
  public Optional<TableSnapshot> plain() {
    return mapped && written.isPlain() && !plan.hasDeletes()
        ? Optional.of(new IcebergSnapshot(loaded, version, plan, false))
        : Optional.empty();
  }

  @Override
  public Protocol protocol() {
    Set<String> reader = new LinkedHashSet<>();
    if (mapped) {
      reader.add("columnMapping");
    }
    if (plan.hasDeletes()) {
      reader.add("deletionVectors");
    }
    if (written.timesWithoutZone()) {
      reader.add("timestampNtz");
    }
    if (written.widened()) {
      reader.add("typeWidening");
    }
    return protocol(reader, writer(reader));
  }

  /** One of table features, as far as there are any. */
  static Protocol protocol(Set<String> reader, Set<String> writer) {
    return new Protocol(
        reader.isEmpty() ? PLAIN_VERSION : READER_VERSION,
        writer.isEmpty() ? PLAIN_VERSION : WRITER_VERSION,
        reader,
        writer,
        null);
  }

  /** With what Delta Lake refuses to find in the metadata alone. */
  private Set<String> writer(Set<String> reader) {
    Set<String> writer = new LinkedHashSet<>(reader);
    if (hasFeed()) {
      writer.add("changeDataFeed");
    }
    return writer;
  }

  private boolean hasFeed() {
    return loaded.metadata().formatVersion() > 1;
  }

  @Override
  public Metadata metadata() {
    Map<String, String> configuration = new LinkedHashMap<>();
    if (hasFeed()) {
      // Clients look for it before they read changes.
      configuration.put("delta.enableChangeDataFeed", "true");
    }
    if (mapped) {
      configuration.put("delta.columnMapping.mode", "id");
      configuration.put(
          "delta.columnMapping.maxColumnId", String.valueOf(loaded.metadata().lastColumnId()));
    }
    if (plan.hasDeletes()) {
      configuration.put("delta.enableDeletionVectors", "true");
    }
    if (written.widened()) {
      configuration.put("delta.enableTypeWidening", "true");
    }
    return new Metadata(
        id(),
        null,
        loaded.metadata().property("comment", null),
        new Metadata.FileFormat("parquet", Map.of()),
        written.json(),
        partitions.names(),
        configuration,
        null,
        null,
        null,
        null,
        new TableAccess(List.of(), null, List.of()));
  }

  /** Early metadata has no id. */
  private String id() {
    String id = loaded.metadata().uuid();
    return id != null
        ? id
        : UUID.nameUUIDFromBytes(
                loaded.table().shared().location().toString().getBytes(StandardCharsets.UTF_8))
            .toString();
  }

  /** As the snapshot's writer has summed them up. */
  @Override
  public Optional<TableSize> size() {
    if (version.snapshot() == null) {
      return Optional.of(new TableSize(0, 0));
    }
    Map<String, String> summary = version.snapshot().summary();
    if (summary == null || !"0".equals(summary.get(SnapshotSummary.TOTAL_DELETE_FILES_PROP))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new TableSize(
              Long.parseLong(summary.get(SnapshotSummary.TOTAL_FILE_SIZE_PROP)),
              Long.parseLong(summary.get(SnapshotSummary.TOTAL_DATA_FILES_PROP))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public TableFileIterator files() {
    if (version.snapshot() == null) {
      return none();
    }
    return loaded
        .indexes()
        .collecting(this, IcebergFailures.reading(loaded.table(), () -> files(plan.files())));
  }

  /** Some of its files. */
  IcebergFiles files(CloseableIterable<FileScanTask> tasks) {
    return new IcebergFiles(loaded, version, schema, tasks);
  }

  @Override
  public Optional<IndexedFiles> index() {
    return loaded.indexes().find(this);
  }

  /** Whether the table has no snapshot yet. */
  boolean isEmpty() {
    return version.snapshot() == null;
  }

  /** Whether it was the latest version when it was opened. */
  boolean isLatest() {
    return version.equals(loaded.lineage().head());
  }

  /** The table with its metadata. */
  LoadedTable loaded() {
    return loaded;
  }

  /** Its manifests. */
  VersionPlan plan() {
    return plan;
  }

  /** What decides how its files are described. */
  FilesState filesState() {
    DeltaSchemaJson.Written byId =
        mapped ? written : DeltaSchemaJson.of(loaded.table(), schema, loaded.metadata(), true);
    return FilesState.of(
        loaded.metadata().uuid(),
        version.snapshot().snapshotId(),
        byId.json() + partitions.names());
  }

  @Override
  public String state() {
    return isEmpty() ? "" : filesState().text();
  }

  /** Under which its files are kept in memory. */
  IndexKey indexKey() {
    return new IndexKey(loaded.table().shared().location(), version.version(), filesState());
  }

  private static TableFileIterator none() {
    Iterator<TableFile> none = List.<TableFile>of().iterator();
    return new TableFileIterator() {
      @Override
      public boolean hasNext() {
        return none.hasNext();
      }

      @Override
      public TableFile next() {
        return none.next();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public TableRows firstRows(TableRows.Limits limits) {
    IcebergTable table = loaded.table();
    return new FirstRows(table.name(), table.storage(), limits).of(this);
  }
}
