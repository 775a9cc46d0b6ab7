/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.PublicationRequest.FileOptions;
import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.server.publish.csv.CsvColumn;
import io.github.deltasharing.server.publish.csv.CsvRow;
import io.github.deltasharing.server.publish.parquet.ParquetTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A Parquet file, whose columns are those of its footer. Its rows are written anew: a table has one
 * kind of data file then, whatever it is made of, with its own statistics and its own names of
 * columns, and nothing is handed on that was not read. Immutable.
 *
 * @param upload the file
 * @param options what its sender says of it
 * @param table what is in it
 * @param types of its columns, those of the table that it is added to
 */
record ParquetSource(
    Uploads.Upload upload, FileOptions options, ParquetTable table, List<ColumnType> types)
    implements SourceTable {

  static ParquetSource of(Uploads.Upload upload, FileOptions options, Runnable alive)
      throws IOException {
    checkOptions(options);
    ParquetTable table = ParquetTable.open(upload.path(), options.fileName(), alive);
    SourceFile.checkNames(table.columns());
    return new ParquetSource(
        upload, options, table, table.columns().stream().map(CsvColumn::type).toList());
  }

  private static void checkOptions(FileOptions options) {
    List<String> given = new ArrayList<>();
    options.encoding().ifPresent(any -> given.add("encoding"));
    options.delimiter().ifPresent(any -> given.add("delimiter"));
    options.header().ifPresent(any -> given.add("header"));
    options.columns().ifPresent(any -> given.add("columns"));
    if (options.quote() != '"') {
      given.add("quote");
    }
    if (!options.nullTexts().isEmpty()) {
      given.add("null_texts");
    }
    if (!options.types().isEmpty()) {
      given.add("types");
    }
    if (!given.isEmpty()) {
      throw ServerError.invalid(
          "'%s' is a Parquet file, which has columns and types of its own: leave out %s"
              .formatted(options.fileName(), String.join(", ", given)));
    }
  }

  @Override
  public List<CsvColumn> columns() {
    List<CsvColumn> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      columns.add(new CsvColumn(table.columns().get(i).name(), types.get(i)));
    }
    return columns;
  }

  @Override
  public Map<String, String> format() {
    return Map.of("format", "parquet");
  }

  @Override
  public void check(boolean setAside) {
    // It was when it was opened.
  }

  @Override
  public ParquetSource fitting(List<CsvColumn> other) {
    List<CsvColumn> matching = SourceTable.matching(table.columns(), other);
    for (int i = 0; i < matching.size(); i++) {
      CsvColumn column = table.columns().get(i);
      if (!matching.get(i).type().holds(column.type())) {
        throw ServerError.invalid(
            "Column '%s' of '%s' is %s, and that of the table %s. Write the file with the table's type, or publish with mode=replace"
                .formatted(
                    column.name(), options.fileName(), column.type(), matching.get(i).type()));
      }
    }
    return new ParquetSource(
        upload, options, table, matching.stream().map(CsvColumn::type).toList());
  }

  @Override
  public Rows rows(Consumer<CsvRow> refused) throws IOException {
    return Rows.of(table.rows(types));
  }
}
