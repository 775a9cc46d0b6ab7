/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.PublicationRequest.FileOptions;
import io.github.deltasharing.server.publish.csv.CsvColumn;
import io.github.deltasharing.server.publish.csv.CsvRow;
import io.github.deltasharing.server.publish.parquet.ParquetTable;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A file that was uploaded, as a table: its columns, and its rows as often as they are read. */
interface SourceTable {
  /** Rows of values, which {@link io.github.deltasharing.server.publish.csv.Values} describes. */
  interface Rows extends Iterator<Object[]>, Closeable {
    /** Rows of a file, which are closed with these. */
    static <T extends Iterator<Object[]> & Closeable> Rows of(T rows) {
      return new Rows() {
        @Override
        public boolean hasNext() {
          return rows.hasNext();
        }

        @Override
        public Object[] next() {
          return rows.next();
        }

        @Override
        public void close() throws IOException {
          rows.close();
        }
      };
    }
  }

  /** Opens an upload by what is in it. */
  static SourceTable of(Uploads.Upload upload, FileOptions options, Runnable alive)
      throws IOException {
    return ParquetTable.is(upload.path())
        ? ParquetSource.of(upload, options, alive)
        : SourceFile.of(upload, options, alive);
  }

  Uploads.Upload upload();

  FileOptions options();

  /** The columns, in the file's order. */
  List<CsvColumn> columns();

  /** How it is read, by names of options. */
  Map<String, String> format();

  /** Refuses a file that cannot be a table as it is, before it is written. */
  void check(boolean setAside);

  /**
   * The same with the types of a table that its rows are to be added to.
   *
   * @throws ServerError 400 when it does not fit
   */
  SourceTable fitting(List<CsvColumn> table);

  /**
   * Opens the rows.
   *
   * @param refused gets each line that is no row
   */
  Rows rows(Consumer<CsvRow> refused) throws IOException;

  /** A table's columns in the order of a file's, by their names. */
  static List<CsvColumn> matching(List<CsvColumn> file, List<CsvColumn> table) {
    List<CsvColumn> matching = new ArrayList<>();
    for (CsvColumn column : file) {
      matching.add(
          table.stream()
              .filter(one -> one.name().equalsIgnoreCase(column.name()))
              .findFirst()
              .orElseThrow(
                  () ->
                      ServerError.invalid(
                          "The table has no column '"
                              + column.name()
                              + "': it has "
                              + String.join(", ", table.stream().map(CsvColumn::name).toList())
                              + ". Name the file's columns like these, or publish with"
                              + " mode=replace")));
    }
    return matching;
  }
}
