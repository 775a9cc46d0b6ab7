/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.parquet.StoredParquet;
import io.github.deltasharing.source.parquet.WholePages;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Reads the columns of a Parquet file that rows are compared by. Stateless. */
final class EqualityReader {
  private EqualityReader() {}

  /** Takes rows in their order in the file. */
  interface Rows {
    /**
     * @param values of the columns, in their order; one array for all rows
     */
    void add(long position, Object[] values);
  }

  /** Is told how many bytes will be read, and one more for each row, and may refuse. */
  interface Budget {
    void spend(long bytes);
  }

  /**
   * Reads a file.
   *
   * @param location as the metadata has it
   * @param whole whether the file has to have all columns; else it has nulls for those it lacks
   * @return how many rows it has
   */
  static long read(
      IcebergTable table,
      String location,
      List<EqualityColumn> columns,
      boolean whole,
      Budget budget,
      Rows rows) {
    String path = table.relative(location);
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            new StoredParquet(table.storage().openAt(path)),
            ParquetReadOptions.builder().withCodecFactory(new WholePages()).build())) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      if (schema.getFields().stream().allMatch(type -> type.getId() == null)) {
        throw table.unsupported(
            "it has equality deletes, and files without field ids, in which no column is found by them");
      }
      List<Type> found = columns.stream().map(column -> column.find(table, schema)).toList();
      if (whole && found.contains(null)) {
        throw table.unsupported("a file of its equality deletes lacks a column of them");
      }
      return rows(reader, schema.getName(), columns, found, budget, rows);
    } catch (FileNotFoundException e) {
      throw new NotFoundException(e, "%s is not there", path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long rows(
      ParquetFileReader reader,
      String name,
      List<EqualityColumn> columns,
      List<Type> found,
      Budget budget,
      Rows rows)
      throws IOException {
    List<Type> there = found.stream().filter(Objects::nonNull).toList();
    // What a footer says of rows costs time even where there are no bytes of them.
    budget.spend(bytes(reader, there) + reader.getRecordCount());
    if (there.isEmpty()) {
      Object[] nulls = columns.stream().map(column -> EqualityColumn.NULL).toArray();
      for (long i = 0; i < reader.getRecordCount(); i++) {
        rows.add(i, nulls);
      }
      return reader.getRecordCount();
    }
    MessageType schema = new MessageType(name, there);
    reader.setRequestedSchema(schema);
    String createdBy = reader.getFooter().getFileMetaData().getCreatedBy();
    Object[] values = new Object[columns.size()];
    long position = 0;
    for (PageReadStore group = reader.readNextRowGroup();
        group != null;
        group = reader.readNextRowGroup()) {
      if (group.getRowCount() == 0) {
        continue;
      }
      ColumnReadStoreImpl store =
          new ColumnReadStoreImpl(group, new PositionDeleteReader.NoConverter(), schema, createdBy);
      Map<String, ColumnReader> readers = new HashMap<>();
      schema
          .getColumns()
          .forEach(column -> readers.put(column.getPath()[0], store.getColumnReader(column)));
      List<ColumnReader> ordered = new ArrayList<>();
      found.forEach(type -> ordered.add(type == null ? null : readers.get(type.getName())));
      for (long i = 0; i < group.getRowCount(); i++) {
        for (int c = 0; c < values.length; c++) {
          values[c] = value(columns.get(c), ordered.get(c));
        }
        rows.add(position++, values);
      }
    }
    return position;
  }

  private static Object value(EqualityColumn column, ColumnReader reader) {
    if (reader == null) {
      return EqualityColumn.NULL;
    }
    boolean isNull =
        reader.getCurrentDefinitionLevel() < reader.getDescriptor().getMaxDefinitionLevel();
    Object value = isNull ? EqualityColumn.NULL : column.value(reader);
    reader.consume();
    return value;
  }

  /** What the columns take when they are not compressed any more. */
  private static long bytes(ParquetFileReader reader, List<Type> columns) {
    long bytes = 0;
    for (BlockMetaData group : reader.getRowGroups()) {
      for (ColumnChunkMetaData chunk : group.getColumns()) {
        String top = chunk.getPath().toArray()[0];
        if (columns.stream().anyMatch(column -> column.getName().equals(top))) {
          bytes += Math.max(chunk.getTotalSize(), chunk.getTotalUncompressedSize());
        }
      }
    }
    return bytes;
  }
}
