/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The rows of a file as values of its columns' types. Rows that are not go elsewhere. Used by one
 * thread, which closes it.
 */
public final class TypedRows implements Iterator<Object[]>, Closeable {
  private final CsvLines lines;
  private final List<ColumnType> types;
  private final Consumer<CsvRow> refused;
  private Object[] next;

  /**
   * Opens a file.
   *
   * @param refused gets each row that does not fit, with its defect
   */
  public TypedRows(Path file, CsvFormat format, List<ColumnType> types, Consumer<CsvRow> refused)
      throws IOException {
    this.types = List.copyOf(types);
    this.refused = refused;
    this.lines = new CsvLines(file, format);
    if (format.header() && lines.hasNext()) {
      lines.next();
    }
  }

  @Override
  public boolean hasNext() {
    while (next == null && lines.hasNext()) {
      CsvRow row = lines.next();
      Optional<String> defect = CsvSurvey.defect(row, types.size());
      if (defect.isPresent()) {
        refused.accept(row.with(defect.get()));
      } else {
        next = values(row);
      }
    }
    return next != null;
  }

  @Override
  public Object[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Object[] values = next;
    next = null;
    return values;
  }

  /** Null if one does not fit. */
  private Object[] values(CsvRow row) {
    Object[] values = new Object[types.size()];
    for (int i = 0; i < values.length; i++) {
      String text = row.fields().get(i);
      ColumnType type = types.get(i);
      if (text == null || text.isEmpty() && type.kind() != ColumnType.Kind.STRING) {
        continue;
      }
      values[i] = Values.of(type, text);
      if (values[i] == null) {
        refused.accept(row.with("field %d is no %s".formatted(i + 1, type)));
        return null;
      }
    }
    return values;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
