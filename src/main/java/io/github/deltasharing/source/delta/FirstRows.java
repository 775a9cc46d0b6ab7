/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.Scan;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.data.GenericRow;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.VariantType;
import io.delta.kernel.utils.CloseableIterator;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.StoreException;
import io.github.deltasharing.source.TableRows;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the first rows of a version with Kernel: without those that deletion vectors delete, with
 * the values of partitions, by the names of the table's columns. Used by one thread, once.
 */
final class FirstRows {
  private static final Logger LOG = LoggerFactory.getLogger(FirstRows.class);

  private final DeltaTable table;
  private final Engine log;
  private final TableRows.Limits limits;
  private final long deadline;
  private final CellValues values;
  private final List<List<Object>> rows = new ArrayList<>();

  FirstRows(DeltaTable table, Engine log, TableRows.Limits limits) {
    this.table = table;
    this.log = log;
    this.limits = limits;
    this.deadline = System.nanoTime() + limits.millis() * 1_000_000;
    this.values = new CellValues(limits.characters(), limits.items());
  }

  TableRows of(SnapshotImpl snapshot) {
    List<StructField> columns = columns(LogFailures.reading(table, () -> snapshot.getSchema(log)));
    Set<String> partitions = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    partitions.addAll(VectorUtils.toJavaList(snapshot.getMetadata().getPartitionColumns()));
    StructType stored =
        new StructType(
            columns.stream().filter(column -> !partitions.contains(column.getName())).toList());
    Scan scan = snapshot.getScanBuilder(log).withReadSchema(log, stored).build();
    Row state = LogFailures.reading(table, () -> scan.getScanState(log));
    try (CloseableIterator<FilteredColumnarBatch> batches =
        LogFailures.reading(table, scan.getScanFiles(log))) {
      while (!isFull() && batches.hasNext()) {
        try (CloseableIterator<Row> files = batches.next().getRows()) {
          while (!isFull() && files.hasNext()) {
            read(state, files.next(), columns);
          }
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    boolean more = rows.size() > limits.rows();
    return new TableRows(
        columns.stream().map(StructField::getName).toList(),
        more ? new ArrayList<>(rows.subList(0, limits.rows())) : rows,
        more,
        values.cut());
  }

  /** Those that can be read, as many as there may be. */
  private List<StructField> columns(StructType schema) {
    return schema.fields().stream()
        .filter(field -> !(field.getDataType() instanceof VariantType))
        .limit(limits.columns())
        .toList();
  }

  /** One more than wanted says that there are more. */
  private boolean isFull() {
    return rows.size() > limits.rows();
  }

  private void read(Row state, Row scanFile, List<StructField> columns) throws IOException {
    checkTime();
    Row add = scanFile.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
    Optional<DeletionVectorDescriptor> vector =
        Optional.ofNullable(InternalScanFileUtils.getDeletionVectorDescriptorFromRow(scanFile));
    Engine data =
        new DataEngine(
            table, vector.flatMap(descriptor -> new LogVector(table, descriptor).file()));
    StructType stored = ScanStateRow.getPhysicalDataReadSchema(log, state);
    PartitionCells partition =
        new PartitionCells(InternalScanFileUtils.getPartitionValues(scanFile), values);
    String file = LogPaths.relative(table, add.getString(add.getSchema().indexOf("path")));
    try (CloseableIterator<ColumnarBatch> batches =
            new DataFileRows(table.storage(), file, stored, limits);
        CloseableIterator<FilteredColumnarBatch> logical =
            Scan.transformPhysicalData(data, state, known(scanFile, add, vector), batches)) {
      while (!isFull() && logical.hasNext()) {
        checkTime();
        take(logical.next(), columns, partition);
      }
    } catch (SourceException | StoreException e) {
      throw e;
    } catch (RuntimeException | IOException e) {
      throw unreadable(e);
    }
  }

  private void take(
      FilteredColumnarBatch batch, List<StructField> columns, PartitionCells partition) {
    ColumnarBatch data = batch.getData();
    Optional<ColumnVector> selection = batch.getSelectionVector();
    for (int i = 0; i < data.getSize() && !isFull(); i++) {
      if (selection.isPresent()
          && (selection.get().isNullAt(i) || !selection.get().getBoolean(i))) {
        continue;
      }
      List<Object> row = new ArrayList<>();
      for (StructField column : columns) {
        int stored = data.getSchema().indexOf(column.getName());
        row.add(
            stored < 0
                ? partition.of(column)
                : values.of(data.getColumnVector(stored), column.getDataType(), i));
      }
      rows.add(row);
    }
  }

  /**
   * What Kernel needs of a file, to take the values from it. It compares the marker of inline
   * deletion vectors by reference, so it gets its own.
   */
  private static Row known(Row scanFile, Row add, Optional<DeletionVectorDescriptor> vector) {
    StructType schema = add.getSchema();
    Map<Integer, Object> values = new HashMap<>();
    int partitions = schema.indexOf("partitionValues");
    values.put(partitions, add.getMap(partitions));
    vector.ifPresent(
        found -> values.put(schema.indexOf("deletionVector"), marked(found, add, schema)));
    Map<Integer, Object> file = new HashMap<>();
    file.put(InternalScanFileUtils.ADD_FILE_ORDINAL, new GenericRow(schema, values));
    return new GenericRow(scanFile.getSchema(), file);
  }

  private static Row marked(DeletionVectorDescriptor vector, Row add, StructType schema) {
    StructField field = schema.at(schema.indexOf("deletionVector"));
    StructType type = (StructType) field.getDataType();
    Map<Integer, Object> values = new HashMap<>();
    boolean inline = DeletionVectorDescriptor.INLINE_DV_MARKER.equals(vector.getStorageType());
    values.put(
        type.indexOf("storageType"),
        inline ? DeletionVectorDescriptor.INLINE_DV_MARKER : vector.getStorageType());
    values.put(type.indexOf("pathOrInlineDv"), vector.getPathOrInlineDv());
    vector.getOffset().ifPresent(offset -> values.put(type.indexOf("offset"), offset));
    values.put(type.indexOf("sizeInBytes"), vector.getSizeInBytes());
    values.put(type.indexOf("cardinality"), vector.getCardinality());
    return new GenericRow(type, values);
  }

  private void checkTime() {
    if (System.nanoTime() - deadline > 0) {
      throw StoreException.unavailable(
          "Reading the first rows of %s takes longer than %d s. Try again later"
              .formatted(table.fullName(), limits.millis() / 1000),
          null);
    }
  }

  private RuntimeException unreadable(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreException store) {
        return store;
      }
      if (cause instanceof FileNotFoundException) {
        return SourceException.unsupported(
            "Cannot read rows of %s: a file that its log names is missing. Restore it, or run FSCK"
                .formatted(table.fullName()),
            failure);
      }
    }
    LOG.warn("The first rows of {} cannot be read", table.fullName(), failure);
    return SourceException.unsupported(
        "Cannot read rows of %s: a data file is damaged, or has something that this server does not"
                .formatted(table.fullName())
            + " read. Recipients may be able to",
        failure);
  }
}
