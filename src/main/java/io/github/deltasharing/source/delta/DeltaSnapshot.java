/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.github.deltasharing.source.StoredFile;
import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.TableRows;
import io.github.deltasharing.source.index.IndexedFiles;
import io.github.deltasharing.source.index.IndexedSnapshot;
import io.github.deltasharing.source.kernel.FirstRows;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One version of a shared table: protocol, metadata, files. Safe for use by several threads; each
 * call of {@link #files()} reads the log anew.
 */
final class DeltaSnapshot implements IndexedSnapshot {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final DeltaTable table;
  private final Engine engine;
  private final SnapshotImpl snapshot;
  private final LogIndexes indexes;
  private final boolean latest;

  /** The version's commit file, as far as it was looked at. */
  private final Optional<StoredFile> commit;

  private DeltaSnapshot(
      DeltaTable table,
      Engine engine,
      SnapshotImpl snapshot,
      LogIndexes indexes,
      boolean latest,
      Optional<StoredFile> commit) {
    this.table = table;
    this.engine = engine;
    this.snapshot = snapshot;
    this.indexes = indexes;
    this.latest = latest;
    this.commit = commit;
  }

  static DeltaSnapshot latest(
      DeltaTable table, Engine engine, SnapshotCache.Latest latest, LogIndexes indexes) {
    return new DeltaSnapshot(
        table, engine, latest.snapshot(), indexes, /* latest= */ true, latest.commit());
  }

  static DeltaSnapshot older(
      DeltaTable table, Engine engine, SnapshotImpl snapshot, LogIndexes indexes) {
    return new DeltaSnapshot(
        table, engine, snapshot, indexes, /* latest= */ false, Optional.empty());
  }

  /** Whether it was the latest version when it was opened. */
  boolean isLatest() {
    return latest;
  }

  /** The version's commit file, if it is there. */
  Optional<StoredFile> commit() {
    return latest ? commit : table.storage().find(DeltaTable.commit(version()));
  }

  /** Whether a commit file may be the one that this was read from, as far as that is known. */
  boolean isOf(StoredFile file) {
    List<FileStatus> deltas = snapshot.getLogSegment().deltas;
    if (deltas.isEmpty()) {
      return true;
    }
    FileStatus last = deltas.get(deltas.size() - 1);
    // Stores list times to the millisecond and say them of one file to the second.
    return last.getPath().endsWith("/" + DeltaTable.commit(version()))
        ? last.getSize() == file.size()
            && Math.abs(last.getModificationTime() - file.lastModified().toEpochMilli()) < 1000
        : true;
  }

  /** The table and its store. */
  DeltaTable deltaTable() {
    return table;
  }

  /** What reads the table's log. */
  Engine engine() {
    return engine;
  }

  @Override
  public long version() {
    return snapshot.getVersion(engine);
  }

  @Override
  public long timestamp() {
    return LogFailures.reading(table, () -> snapshot.getTimestamp(engine));
  }

  @Override
  public io.github.deltasharing.protocol.Protocol protocol() {
    return KernelActions.protocol(kernelProtocol());
  }

  @Override
  public io.github.deltasharing.protocol.Metadata metadata() {
    return KernelActions.metadata(kernelMetadata());
  }

  Protocol kernelProtocol() {
    return snapshot.getProtocol();
  }

  Metadata kernelMetadata() {
    return snapshot.getMetadata();
  }

  /** In the order of the log. */
  @Override
  public TableFileIterator files() {
    ScanImpl scan = (ScanImpl) snapshot.getScanBuilder(engine).build();
    CloseableIterator<TableFile> files =
        LogFailures.reading(table, new LogFiles(scan.getScanFiles(engine, true)));
    return indexes.collecting(
        this,
        new TableFileIterator() {
          @Override
          public boolean hasNext() {
            return files.hasNext();
          }

          @Override
          public TableFile next() {
            return files.next();
          }

          @Override
          public void close() throws IOException {
            files.close();
          }
        });
  }

  @Override
  public Optional<IndexedFiles> index() {
    return indexes.find(this);
  }

  /** From the checksum file that the writer may have left for this version. */
  @Override
  public Optional<TableSize> size() {
    String checksum = String.format(Locale.ROOT, "%s/%020d.crc", DeltaTable.LOG, version());
    try (InputStream in = table.storage().open(checksum)) {
      JsonNode json = MAPPER.readTree(in);
      OptionalLong bytes = number(json.path("tableSizeBytes"));
      OptionalLong files = number(json.path("numFiles"));
      return bytes.isPresent() && files.isPresent()
          ? Optional.of(new TableSize(bytes.getAsLong(), files.getAsLong()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public TableRows firstRows(TableRows.Limits limits) {
    return new FirstRows(table.fullName(), table.storage(), limits).of(this);
  }

  private static OptionalLong number(JsonNode node) {
    return node.isIntegralNumber() ? OptionalLong.of(node.longValue()) : OptionalLong.empty();
  }

  /** Flattens the log's batches into files. */
  private final class LogFiles implements CloseableIterator<TableFile> {
    private final CloseableIterator<FilteredColumnarBatch> batches;
    private CloseableIterator<Row> rows;

    LogFiles(CloseableIterator<FilteredColumnarBatch> batches) {
      this.batches = batches;
    }

    @Override
    public boolean hasNext() {
      while (rows == null || !rows.hasNext()) {
        closeRows();
        if (!batches.hasNext()) {
          return false;
        }
        rows = batches.next().getRows();
      }
      return true;
    }

    @Override
    public TableFile next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      Row scanFile = rows.next();
      return file(scanFile.getStruct(scanFile.getSchema().indexOf("add")));
    }

    private TableFile file(Row add) {
      var schema = add.getSchema();
      int stats = schema.indexOf("stats");
      int deletionVector = schema.indexOf("deletionVector");
      return new TableFile(
          LogPaths.relative(table, add.getString(schema.indexOf("path"))),
          VectorUtils.toJavaMap(add.getMap(schema.indexOf("partitionValues"))),
          add.getLong(schema.indexOf("size")),
          add.getLong(schema.indexOf("modificationTime")),
          add.getBoolean(schema.indexOf("dataChange")),
          stats < 0 || add.isNullAt(stats) ? Optional.empty() : Optional.of(add.getString(stats)),
          add.isNullAt(deletionVector)
              ? Optional.empty()
              : Optional.of(
                  new LogVector(
                      table, DeletionVectorDescriptor.fromRow(add.getStruct(deletionVector)))));
    }

    private void closeRows() {
      try {
        if (rows != null) {
          rows.close();
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      closeRows();
      batches.close();
    }
  }
}
