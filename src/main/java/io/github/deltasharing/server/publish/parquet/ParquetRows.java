/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.parquet;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.source.parquet.WholePages;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * The rows of a Parquet file as values of a table's types, one row group after the other. Used by
 * one thread, which closes it.
 */
public final class ParquetRows implements Iterator<Object[]>, Closeable {
  /** Values are taken from the columns themselves. */
  private static final class NoConverter extends GroupConverter {
    private static final Converter NOTHING = new PrimitiveConverter() {};

    private final GroupType group;

    NoConverter(GroupType group) {
      this.group = group;
    }

    @Override
    public Converter getConverter(int field) {
      Type type = group.getType(field);
      return type.isPrimitive() ? NOTHING : new NoConverter(type.asGroupType());
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
  private final RowBudget budget = new RowBudget();
  private final List<ColumnAssembly> columns = new ArrayList<>();
  private long left;
  private long row;
  private boolean ended;

  ParquetRows(ParquetTable table, List<ColumnType> types) throws IOException {
    this.table = table;
    this.schema = table.footer().getFileMetaData().getSchema();
    this.createdBy = table.footer().getFileMetaData().getCreatedBy();
    for (int i = 0; i < types.size(); i++) {
      columns.add(ColumnAssembly.of(table.nodes().get(i), types.get(i), budget));
    }
    this.reader =
        ParquetFileReader.open(
            new LocalParquetFile(table.path()),
            ParquetReadOptions.builder().withCodecFactory(new WholePages()).build());
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
      if (row > 0 && !columns.stream().allMatch(ColumnAssembly::isAtEnd)) {
        throw new IllegalStateException("values are left");
      }
      PageReadStore group = reader.readNextRowGroup();
      ended = group == null;
      if (group != null) {
        left = group.getRowCount();
        ColumnReadStoreImpl store =
            new ColumnReadStoreImpl(group, new NoConverter(schema), schema, createdBy);
        if (left > 0) {
          columns.forEach(column -> column.open(store));
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
    budget.clear();
    Object[] next = new Object[columns.size()];
    for (int i = 0; i < next.length; i++) {
      next[i] = value(i);
    }
    return next;
  }

  private Object value(int index) {
    ColumnAssembly column = columns.get(index);
    try {
      if (column.repetition() != 0) {
        throw new IllegalStateException("a row that begins in another one");
      }
      return column.next();
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
