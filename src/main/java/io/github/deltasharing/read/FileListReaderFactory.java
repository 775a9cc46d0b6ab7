/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import io.github.deltasharing.table.FileStatistics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Makes rows of {@link FileListColumns} out of what a server said of files; reads no file. Made on
 * the driver, travels to executors; immutable.
 */
public final class FileListReaderFactory implements PartitionReaderFactory {
  private static final long serialVersionUID = 1L;

  private final String table;
  private final StructType columns;
  private final String timeZone;
  private final Long version;

  /** The physical names of the partition columns that are read. */
  private final ArrayList<String> partitionKeys;

  /** Names for users by the path of physical names that statistics have. */
  private final HashMap<ArrayList<String>, String> names;

  /**
   * @param columns those that are read
   * @param partitionKeys the physical names of the partition columns among them
   * @param names of columns with statistics, by their path of physical names
   * @param timeZone the session's
   * @param version of the table, or null
   */
  public FileListReaderFactory(
      String table,
      StructType columns,
      List<String> partitionKeys,
      Map<List<String>, String> names,
      String timeZone,
      Long version) {
    this.table = table;
    this.columns = columns;
    this.partitionKeys = new ArrayList<>(partitionKeys);
    this.names = new HashMap<>();
    names.forEach((path, name) -> this.names.put(new ArrayList<>(path), name));
    this.timeZone = timeZone;
    this.version = version;
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    return new Reader(((FileListPartition) partition).files().iterator());
  }

  private final class Reader implements PartitionReader<InternalRow> {
    private final Iterator<FileListPartition.ListedFile> files;
    private final UnsafeProjection projection = UnsafeProjection.create(columns);
    private InternalRow row;

    Reader(Iterator<FileListPartition.ListedFile> files) {
      this.files = files;
    }

    @Override
    public boolean next() {
      if (!files.hasNext()) {
        return false;
      }
      row = projection.apply(rowOf(files.next()));
      return true;
    }

    @Override
    public InternalRow get() {
      return row;
    }

    @Override
    public void close() {}
  }

  private InternalRow rowOf(FileListPartition.ListedFile file) {
    FileStatistics statistics = FileStatistics.parse(file.statistics());
    boolean known = statistics.numRecords().isPresent();
    Object[] values = new Object[columns.length()];
    for (int i = 0; i < values.length; i++) {
      StructField column = columns.fields()[i];
      values[i] =
          switch (column.name()) {
            case FileListColumns.ID -> UTF8String.fromString(file.id());
            case FileListColumns.SIZE -> file.size();
            case FileListColumns.PARTITION -> partition((StructType) column.dataType(), file);
            case FileListColumns.RECORDS -> known ? statistics.numRecords().getAsLong() : null;
            case FileListColumns.DELETED -> file.deleted();
            case FileListColumns.NULLS -> byColumn(path -> number(statistics.nullCount(path)));
            case FileListColumns.MIN -> byColumn(path -> text(statistics.min(path).orElse(null)));
            case FileListColumns.MAX -> byColumn(path -> text(statistics.max(path).orElse(null)));
            case FileListColumns.TIGHT -> known ? statistics.tightBounds() : null;
            case FileListColumns.MODIFIED ->
                file.modified() == null ? null : Math.multiplyExact(file.modified(), 1_000L);
            case FileListColumns.VERSION -> version;
            default -> throw new IllegalStateException(column.name());
          };
    }
    return new GenericInternalRow(values);
  }

  private static Object number(OptionalLong number) {
    return number.isPresent() ? (Object) number.getAsLong() : null;
  }

  private static Object text(String text) {
    return text == null ? null : UTF8String.fromString(text);
  }

  private InternalRow partition(StructType type, FileListPartition.ListedFile file) {
    Map<String, String> texts = new HashMap<>();
    file.partitionTexts().forEach(text -> texts.put(text[0], text[1]));
    return new PartitionValues(type, timeZone)
        .row(
            table,
            file.id(),
            PartitionColumns.of(type, partitionKeys).texts(table, file.id(), texts));
  }

  /** Columns of which it is known; null where it is of none. */
  private Object byColumn(Function<List<String>, Object> statistic) {
    List<Object> keys = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    names.forEach(
        (path, name) -> {
          Object value = statistic.apply(path);
          if (value != null) {
            keys.add(UTF8String.fromString(name));
            values.add(value);
          }
        });
    return keys.isEmpty()
        ? null
        : new ArrayBasedMapData(
            new GenericArrayData(keys.toArray()), new GenericArrayData(values.toArray()));
  }
}
