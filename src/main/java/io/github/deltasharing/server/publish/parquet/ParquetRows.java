/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.parquet;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.csv.ColumnType;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/**
 * The rows of a Parquet file as values of a table's types, one row group after the other. Used by
 * one thread, which closes it.
 */
public final class ParquetRows implements Iterator<Object[]>, Closeable {
  /** Values are taken from the columns themselves. */
  private static final class NoConverter extends GroupConverter {
    private static final Converter NOTHING = new PrimitiveConverter() {};

    @Override
    public Converter getConverter(int field) {
      return NOTHING;
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  private final ParquetTable table;
  private final ParquetFileReader reader;
  private final MessageType schema;
  private final String createdBy;
  private final List<ParquetValues> values = new ArrayList<>();
  private final List<ColumnReader> columns = new ArrayList<>();
  private long left;
  private long row;
  private boolean ended;

  ParquetRows(ParquetTable table, List<ColumnType> types) throws IOException {
    this.table = table;
    this.schema = table.footer().getFileMetaData().getSchema();
    this.createdBy = table.footer().getFileMetaData().getCreatedBy();
    for (int i = 0; i < types.size(); i++) {
      values.add(new ParquetValues(schema.getColumns().get(i), types.get(i)));
    }
    this.reader =
        ParquetFileReader.open(
            new LocalParquetFile(table.path()), ParquetReadOptions.builder().build());
  }

  @Override
  public boolean hasNext() {
    while (left == 0 && !ended) {
      nextGroup();
    }
    return left > 0;
  }

  private void nextGroup() {
    try {
      PageReadStore group = reader.readNextRowGroup();
      columns.clear();
      ended = group == null;
      if (group != null) {
        left = group.getRowCount();
        ColumnReadStoreImpl store =
            new ColumnReadStoreImpl(group, new NoConverter(), schema, createdBy);
        for (ColumnDescriptor column : schema.getColumns()) {
          columns.add(left == 0 ? null : store.getColumnReader(column));
        }
      }
    } catch (IOException | RuntimeException e) {
      throw ParquetTable.damaged(table.name(), "row %,d and those after it".formatted(row + 1), e);
    }
  }

  @Override
  public Object[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    left--;
    row++;
    Object[] next = new Object[columns.size()];
    for (int i = 0; i < next.length; i++) {
      next[i] = value(i);
    }
    return next;
  }

  private Object value(int index) {
    ParquetValues column = values.get(index);
    try {
      return column.next(columns.get(index));
    } catch (ServerError e) {
      throw e;
    } catch (UnfitValueException e) {
      throw ServerError.invalid(
          "Row %,d of '%s', column '%s': %s"
              .formatted(row, table.name(), table.columns().get(index).name(), e.getMessage()));
    } catch (RuntimeException e) {
      throw ParquetTable.damaged(
          table.name(),
          "column '%s' from row %,d on".formatted(table.columns().get(index).name(), row),
          e);
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
