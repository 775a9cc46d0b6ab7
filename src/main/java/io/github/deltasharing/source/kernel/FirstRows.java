/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.kernel;

import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.internal.types.DataTypeJsonSerDe;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.VariantType;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.source.PositionedInput;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.StoreException;
import io.github.deltasharing.source.StoredVector;
import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.TableRows;
import io.github.deltasharing.source.TableSnapshot;
import io.github.deltasharing.source.TableStorage;
import io.github.deltasharing.source.index.IndexedFiles;
import io.github.deltasharing.source.index.IndexedSnapshot;
import io.github.deltasharing.table.DeletionVector;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the first rows of a version of a table, whose files are Parquet and which says in Delta's
 * terms what they are: without those that deletion vectors delete, with the values of partitions,
 * by the names of the table's columns. Kernel decodes the files. Used by one thread, once.
 */
public final class FirstRows {
  private static final Logger LOG = LoggerFactory.getLogger(FirstRows.class);

  private final String table;
  private final TableStorage storage;
  private final TableRows.Limits limits;
  private final long deadline;
  private final CellValues values;
  private final List<List<Object>> rows = new ArrayList<>();
  private List<StructField> columns;

  /** Those of the columns that files have, as they have them. */
  private StructType stored;

  /**
   * Begins the time that it may take.
   *
   * @param table its name in messages
   * @param storage where its files are
   */
  public FirstRows(String table, TableStorage storage, TableRows.Limits limits) {
    this.table = table;
    this.storage = storage;
    this.limits = limits;
    this.deadline = System.nanoTime() + limits.millis() * 1_000_000;
    this.values = new CellValues(limits.characters(), limits.items());
  }

  /** Reads a version. */
  public TableRows of(TableSnapshot snapshot) {
    Metadata metadata = snapshot.metadata();
    Set<String> partitions = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    partitions.addAll(metadata.partitionColumns());
    columns = columns(metadata.schemaString());
    stored =
        StoredColumns.of(
            new StructType(
                columns.stream().filter(column -> !partitions.contains(column.getName())).toList()),
            metadata.configuration());
    try (IndexedFiles known = IndexedSnapshot.index(snapshot).orElse(null);
        TableFileIterator files = known == null ? snapshot.files() : known.all().files()) {
      while (!isFull() && files.hasNext()) {
        read(files.next(), partitions);
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
  private List<StructField> columns(String schema) {
    StructType all =
        DataTypeJsonSerDe.deserializeStructType(KernelSchema.forKernel(schema).orElse(schema));
    return all.fields().stream()
        .filter(field -> !(field.getDataType() instanceof VariantType))
        .limit(limits.columns())
        .toList();
  }

  /** One more than wanted says that there are more. */
  private boolean isFull() {
    return rows.size() > limits.rows();
  }

  private void read(TableFile file, Set<String> partitions) {
    checkTime();
    PartitionCells partition = new PartitionCells(file.partitionValues(), values);
    try (DataFileRows batches =
        new DataFileRows(table, storage, file.relativePath(), stored, limits)) {
      Optional<DeletionVector> deleted = deleted(file);
      long position = 0;
      while (!isFull() && batches.hasNext()) {
        checkTime();
        ColumnarBatch batch = batches.next();
        for (int i = 0; i < batch.getSize() && !isFull(); i++) {
          long row = position + i;
          if (deleted.isEmpty() || !deleted.get().isDeleted(row)) {
            rows.add(row(batch, i, partitions, partition));
          }
        }
        position += batch.getSize();
      }
    } catch (SourceException | StoreException e) {
      throw e;
    } catch (RuntimeException | IOException e) {
      throw unreadable(e);
    }
  }

  private List<Object> row(
      ColumnarBatch batch, int row, Set<String> partitions, PartitionCells partition) {
    List<Object> cells = new ArrayList<>();
    int next = 0;
    for (StructField column : columns) {
      cells.add(
          partitions.contains(column.getName())
              ? partition.of(column)
              : values.of(batch.getColumnVector(next++), column.getDataType(), row));
    }
    return cells;
  }

  private Optional<DeletionVector> deleted(TableFile file) throws IOException {
    if (file.deletionVector().isEmpty()) {
      return Optional.empty();
    }
    StoredVector vector = file.deletionVector().get();
    int size = vector.sizeInBytes();
    if (size > limits.chunkBytes()) {
      throw SourceException.invalid(
          "The first rows of %s are not shown: a deletion vector of it has %d MiB, and up to %d MiB are read for them. Query it instead"
              .formatted(table, size >> 20, limits.chunkBytes() >> 20));
    }
    if (vector.file().isEmpty()) {
      return Optional.of(DeletionVector.ofInline(vector.inline(), size, vector.cardinality()));
    }
    byte[] framed = new byte[size + DeletionVector.FRAME_BYTES];
    try (PositionedInput input = storage.openAt(vector.file().get())) {
      input.readFully(vector.offset().orElse(0), framed, 0, framed.length);
    }
    return Optional.of(DeletionVector.ofFile(framed, size, vector.cardinality()));
  }

  private void checkTime() {
    if (System.nanoTime() - deadline > 0) {
      throw StoreException.unavailable(
          "Reading the first rows of %s takes longer than %d s. Try again later"
              .formatted(table, limits.millis() / 1000),
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
            "Cannot read rows of %s: a file of this version is missing. Restore it, or have it removed from the table (FSCK REPAIR TABLE of Delta tables)"
                .formatted(table),
            failure);
      }
    }
    LOG.warn("The first rows of {} cannot be read", table, failure);
    return SourceException.unsupported(
        "Cannot read rows of %s: a data file is damaged, or has something that this server does not"
                .formatted(table)
            + " read. Recipients may be able to",
        failure);
  }
}
