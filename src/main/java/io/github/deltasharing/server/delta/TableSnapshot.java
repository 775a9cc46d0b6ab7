package io.github.deltasharing.server.delta;

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
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.table.SharedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One version of a shared table: protocol, metadata, files. Safe for use by several threads; each
 * call of {@link #files()} reads the log anew.
 */
public final class TableSnapshot {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final SharedTable table;
  private final Engine engine;
  private final SnapshotImpl snapshot;

  TableSnapshot(SharedTable table, Engine engine, SnapshotImpl snapshot) {
    this.table = table;
    this.engine = engine;
    this.snapshot = snapshot;
  }

  public SharedTable table() {
    return table;
  }

  /** What reads the table's log. */
  Engine engine() {
    return engine;
  }

  public long version() {
    return snapshot.getVersion(engine);
  }

  /** When the version was committed, in milliseconds since the epoch. */
  public long timestamp() {
    return LogFailures.reading(table, () -> snapshot.getTimestamp(engine));
  }

  public Protocol protocol() {
    return snapshot.getProtocol();
  }

  /** Whether files know columns by their physical names. */
  public boolean isMapped() {
    return isMapped(metadata());
  }

  /** Whether files know columns by their physical names. */
  public static boolean isMapped(Metadata metadata) {
    return !metadata
        .getConfiguration()
        .getOrDefault("delta.columnMapping.mode", "none")
        .equalsIgnoreCase("none");
  }

  public Metadata metadata() {
    return snapshot.getMetadata();
  }

  public List<String> partitionColumns() {
    return VectorUtils.toJavaList(metadata().getPartitionColumns());
  }

  /** The files of this version, streamed in the order of the log. The caller closes it. */
  public CloseableIterator<SharedFile> files() {
    ScanImpl scan = (ScanImpl) snapshot.getScanBuilder(engine).build();
    return LogFailures.reading(table, new LogFiles(scan.getScanFiles(engine, true)));
  }

  /** Size and number of files, if the writer left a checksum file for this version. */
  public Optional<TableSize> size() {
    Path checksum =
        table
            .directory()
            .resolve("_delta_log")
            .resolve(String.format(Locale.ROOT, "%020d.crc", version()));
    try {
      JsonNode json = MAPPER.readTree(Files.readAllBytes(checksum));
      OptionalLong bytes = number(json.path("tableSizeBytes"));
      OptionalLong files = number(json.path("numFiles"));
      return bytes.isPresent() && files.isPresent()
          ? Optional.of(new TableSize(bytes.getAsLong(), files.getAsLong()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static OptionalLong number(JsonNode node) {
    return node.isIntegralNumber() ? OptionalLong.of(node.longValue()) : OptionalLong.empty();
  }

  /** The bytes and the number of a version's data files. */
  public record TableSize(long bytes, long files) {}

  /** Flattens the log's batches into files. */
  private final class LogFiles implements CloseableIterator<SharedFile> {
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
    public SharedFile next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      Row scanFile = rows.next();
      return file(scanFile.getStruct(scanFile.getSchema().indexOf("add")));
    }

    private SharedFile file(Row add) {
      var schema = add.getSchema();
      int stats = schema.indexOf("stats");
      int deletionVector = schema.indexOf("deletionVector");
      return new SharedFile(
          LogPaths.relative(table, add.getString(schema.indexOf("path"))),
          VectorUtils.toJavaMap(add.getMap(schema.indexOf("partitionValues"))),
          add.getLong(schema.indexOf("size")),
          add.getLong(schema.indexOf("modificationTime")),
          add.getBoolean(schema.indexOf("dataChange")),
          stats < 0 || add.isNullAt(stats) ? Optional.empty() : Optional.of(add.getString(stats)),
          add.isNullAt(deletionVector)
              ? Optional.empty()
              : Optional.of(DeletionVectorDescriptor.fromRow(add.getStruct(deletionVector))));
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
