/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeRange;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.ScanHints;
import io.github.deltasharing.error.StreamErrors;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.pushdown.FilePruner;
import io.github.deltasharing.pushdown.PushedPredicates;
import io.github.deltasharing.pushdown.PushedScan;
import io.github.deltasharing.read.FileListColumns;
import io.github.deltasharing.read.FileListPartition;
import io.github.deltasharing.read.FileListReaderFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * One scan of a table's files, which are listed once. Tasks get a part of the listing each. Equal
 * scans read the same. Driver only; thread-safe.
 */
final class FilesScan implements Scan, Batch {
  /** Files of a task: some hundred KB with usual statistics, as it travels with the task. */
  private static final int FILES_OF_TASK = 1_000;

  private static final Set<String> OF_STATISTICS =
      Set.of(
          FileListColumns.RECORDS,
          FileListColumns.NULLS,
          FileListColumns.MIN,
          FileListColumns.MAX,
          FileListColumns.TIGHT);

  private final LoadedTable table;
  private final String name;
  private final PushedPredicates predicates;
  private final SnapshotQuery query;
  private final Identity identity;

  private record Identity(
      Object read, StructType columns, PushedPredicates predicates, String timeZone) {}

  /**
   * @param name as users know it
   * @param columns those that are read
   * @param predicates on the table's partition columns; Spark looks at them again
   */
  FilesScan(LoadedTable table, String name, StructType columns, PushedPredicates predicates) {
    this.table = table;
    this.name = name;
    this.predicates = predicates;
    this.query =
        new SnapshotQuery(
            table, new ScanHints(predicates.sqlHints(), predicates.jsonHints(), null));
    this.identity =
        new Identity(
            table.readIdentity(), columns, predicates, SQLConf.get().sessionLocalTimeZone());
  }

  @Override
  public StructType readSchema() {
    return identity.columns();
  }

  @Override
  public String description() {
    String how = predicates.describe();
    return LoadedTable.SOURCE
        + " files of "
        + table.name()
        + table.asOf().suffix()
        + (how.isEmpty() ? "" : " (" + how + ")");
  }

  @Override
  public Batch toBatch() {
    ChangeRange.refuseStray(table.conf());
    return this;
  }

  @Override
  public MicroBatchStream toMicroBatchStream(String checkpointLocation) {
    throw StreamErrors.noStreamOfFiles(name);
  }

  @Override
  public ColumnarSupportMode columnarSupportMode() {
    return ColumnarSupportMode.UNSUPPORTED;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    List<AddFile> files =
        new FilePruner(table.name().toString(), PushedScan.of(predicates), identity.timeZone())
            .prune(query.listing().result().files())
            .files();
    boolean statistics = Arrays.stream(readSchema().fieldNames()).anyMatch(OF_STATISTICS::contains);
    List<InputPartition> partitions = new ArrayList<>();
    for (int from = 0; from < files.size(); from += FILES_OF_TASK) {
      int to = Math.min(from + FILES_OF_TASK, files.size());
      partitions.add(new FileListPartition(files.subList(from, to), statistics));
    }
    return partitions.toArray(InputPartition[]::new);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    List<String> keys = new ArrayList<>();
    for (StructField column : readSchema().fields()) {
      if (column.name().equals(FileListColumns.PARTITION)) {
        for (String key : ((StructType) column.dataType()).fieldNames()) {
          keys.add(table.schema().physicalName(key));
        }
      }
    }
    QueryResult listed = query.listing().result();
    long version = listed.table().version();
    return new FileListReaderFactory(
        table.name().toString(),
        readSchema(),
        keys,
        table.schema().names(),
        identity.timeZone(),
        version < 0 ? null : (Long) version);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof FilesScan that && identity.equals(that.identity);
  }

  @Override
  public int hashCode() {
    return identity.hashCode();
  }
}
