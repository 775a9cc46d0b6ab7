/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.TableFileIterator;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.CloseableIterator;

/** The data files of a version as Delta has files. Used by one thread, which closes it. */
final class IcebergFiles implements TableFileIterator {
  private final LoadedTable loaded;
  private final TableVersion version;
  private final Schema schema;
  private final IdentityPartitions partitions;
  private final FileMetrics metrics;
  private final RowDeletes deletes;
  private final SeenLocations seen = new SeenLocations();
  private final Map<Long, Long> times = new HashMap<>();
  private final CloseableIterable<FileScanTask> tasks;
  private final CloseableIterator<FileScanTask> planned;

  /**
   * @param schema of the version
   * @param tasks the files of the version, with their metrics
   */
  IcebergFiles(
      LoadedTable loaded,
      TableVersion version,
      Schema schema,
      CloseableIterable<FileScanTask> tasks) {
    this.loaded = loaded;
    this.version = version;
    this.schema = schema;
    this.partitions = new IdentityPartitions(loaded, schema);
    this.metrics = new FileMetrics(schema, new PhysicalNames(loaded.metadata()), partitions);
    this.deletes =
        new RowDeletes(
            loaded.table(),
            loaded.deletes(),
            new EqualityDeletes(loaded.table(), schema, loaded.deletes().resolved()));
    for (Snapshot snapshot : loaded.metadata().snapshots()) {
      times.put(snapshot.sequenceNumber(), snapshot.timestampMillis());
    }
    this.tasks = tasks;
    this.planned = tasks.iterator();
  }

  @Override
  public boolean hasNext() {
    return IcebergFailures.reading(loaded.table(), planned::hasNext);
  }

  @Override
  public TableFile next() {
    return IcebergFailures.reading(loaded.table(), () -> file(planned.next()));
  }

  private TableFile file(FileScanTask task) {
    DataFile file = task.file();
    IcebergTable table = loaded.table();
    if (file.format() != FileFormat.PARQUET) {
      throw table.unsupported(
          "its data files are in %s, and recipients read Parquet".formatted(file.format()));
    }
    if (file.keyMetadata() != null) {
      throw table.unsupported("its files are encrypted");
    }
    if (!seen.add(file.location())) {
      throw table.unsupported(
          "it has a data file twice, which recipients would read once. Have the table compacted (rewrite_data_files)");
    }
    requirePartitionColumns(task);
    return new TableFile(
        table.relative(file.location()),
        partitions.values(task.spec(), file.partition()),
        file.fileSizeInBytes(),
        modified(file),
        true,
        Optional.of(metrics.json(file)),
        deletes.of(file, task.deletes()));
  }

  /** Iceberg takes such a column's value from the partition, recipients take it from the file. */
  private void requirePartitionColumns(FileScanTask task) {
    for (PartitionField field : task.spec().fields()) {
      int id = field.sourceId();
      if (field.transform().isIdentity()
          && schema.findField(id) != null
          && (!partitions.has(id) || isCompared(task, id))
          && !has(task.file().valueCounts(), id)
          && !has(task.file().columnSizes(), id)) {
        throw loaded
            .table()
            .unsupported(
                "a data file does not say whether it has the partition column '%s'. Have the table's files rewritten with metrics of that column"
                    .formatted(schema.findColumnName(id)));
      }
    }
  }

  /** Whether rows are deleted by the values that a file has of a column. */
  private static boolean isCompared(FileScanTask task, int id) {
    return task.deletes().stream()
        .anyMatch(
            delete ->
                delete.content() == FileContent.EQUALITY_DELETES
                    && delete.equalityFieldIds().contains(id));
  }

  private static boolean has(Map<Integer, Long> counts, int id) {
    return counts != null && counts.containsKey(id);
  }

  /** Of the snapshot that added the file, if it is still there. */
  private long modified(DataFile file) {
    Long number = file.fileSequenceNumber();
    return number == null || number == 0
        ? version.timestamp()
        : times.getOrDefault(number, version.timestamp());
  }

  @Override
  public void close() throws IOException {
    try (CloseableIterable<FileScanTask> all = tasks) {
      planned.close();
    }
  }
}
