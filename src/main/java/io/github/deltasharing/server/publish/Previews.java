/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.PublicationRequest.FileOptions;
import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.server.publish.csv.CsvDefect;
import io.github.deltasharing.server.publish.csv.CsvSurvey;
import io.github.deltasharing.server.publish.csv.Values;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What files would be as tables. Stateless. */
final class Previews {
  private static final int ROWS_A_LOOK = 1_000;

  private Previews() {}

  static Preview of(Uploads.Upload upload, FileOptions options, Runnable alive) {
    try {
      SourceTable source = SourceTable.of(upload, options, alive);
      return source instanceof ParquetSource parquet
          ? of(parquet, alive)
          : of((SourceFile) source, alive);
    } catch (IOException e) {
      throw Disk.refusal(e);
    }
  }

  private static Preview of(SourceFile file, Runnable alive) throws IOException {
    long rows = file.survey().rows();
    List<CsvDefect> defects = file.survey().defects();
    long defectCount = file.survey().defectCount();
    if (file.isRetyped()) {
      DefectCounter counter = new DefectCounter();
      try (SourceTable.Rows typed = file.rows(counter)) {
        for (rows = 0; typed.hasNext(); rows++) {
          typed.next();
          alive.run();
        }
      }
      defects = counter.first();
      defectCount = counter.count();
    }
    List<String> problems = new ArrayList<>();
    try {
      file.checkDuplicates();
    } catch (ServerError e) {
      problems.add(e.getMessage());
    }
    if (defectCount > 0) {
      problems.add(SetAside.refusal(file.options().fileName(), defects, defectCount).getMessage());
    }
    return new Preview(
        file.upload().id(),
        file.options().fileName(),
        file.upload().bytes(),
        Optional.of(file.survey().format()),
        file.columns(),
        rows,
        file.survey().firstRows(),
        defects,
        defectCount,
        problems);
  }

  /** All of a file is read: one that is damaged further down is not published either. */
  private static Preview of(ParquetSource file, Runnable alive) throws IOException {
    List<List<String>> first = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    try (SourceTable.Rows rows = file.rows(any -> {})) {
      for (long row = 0; rows.hasNext(); row++) {
        Object[] values = rows.next();
        if (first.size() < CsvSurvey.FIRST_ROWS) {
          first.add(texts(values, file.types()));
        }
        if (row % ROWS_A_LOOK == 0) {
          alive.run();
        }
      }
    } catch (ServerError e) {
      problems.add(e.getMessage());
    }
    return new Preview(
        file.upload().id(),
        file.options().fileName(),
        file.upload().bytes(),
        Optional.empty(),
        file.columns(),
        file.table().rows(),
        first,
        List.of(),
        0,
        problems);
  }

  private static List<String> texts(Object[] values, List<ColumnType> types) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < Math.min(values.length, CsvSurvey.SHOWN); i++) {
      texts.add(values[i] == null ? null : CsvSurvey.shown(text(types.get(i), values[i])));
    }
    return texts;
  }

  private static String text(ColumnType type, Object value) {
    return type.isNested() ? NestedText.of(type, value, CsvSurvey.SHOWN) : Values.text(type, value);
  }
}
