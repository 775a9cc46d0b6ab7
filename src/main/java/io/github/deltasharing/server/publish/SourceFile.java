/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.PublicationRequest.ColumnCorrection;
import io.github.deltasharing.server.publish.PublicationRequest.FileOptions;
import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.server.publish.csv.CsvColumn;
import io.github.deltasharing.server.publish.csv.CsvRow;
import io.github.deltasharing.server.publish.csv.CsvSurvey;
import io.github.deltasharing.server.publish.csv.EncodingSniffer;
import io.github.deltasharing.server.publish.csv.TextEncoding;
import io.github.deltasharing.server.publish.csv.TypedRows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A file of separated values, what is in it, and the columns that are to be made of it. Immutable.
 *
 * @param upload the file
 * @param options what its sender says of it
 * @param survey what is in it
 * @param columns its columns with the sender's corrections, in the file's order
 */
record SourceFile(
    Uploads.Upload upload, FileOptions options, CsvSurvey survey, List<CsvColumn> columns)
    implements SourceTable {
  private static final int BUFFER = 1 << 16;
  private static final int LONGEST_NAME = 255;

  /**
   * Reads a file.
   *
   * @throws ServerError 400 when it is no table, or is corrected to none
   */
  static SourceFile of(Uploads.Upload upload, FileOptions options, Runnable alive)
      throws IOException {
    TextEncoding encoding = encoding(upload, options, alive);
    CsvSurvey survey =
        CsvSurvey.of(
            upload.path(),
            new CsvSurvey.Given(
                encoding,
                options.delimiter(),
                options.quote(),
                options.header(),
                options.nullTexts()));
    alive.run();
    return new SourceFile(upload, options, survey, corrected(survey, options));
  }

  private static TextEncoding encoding(Uploads.Upload upload, FileOptions options, Runnable alive)
      throws IOException {
    EncodingSniffer sniffer = new EncodingSniffer();
    try (InputStream bytes = Files.newInputStream(upload.path())) {
      byte[] buffer = new byte[BUFFER];
      for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
        sniffer.accept(buffer, 0, read);
        alive.run();
      }
    }
    return sniffer.finish(options.fileName(), options.encoding());
  }

  private static List<CsvColumn> corrected(CsvSurvey survey, FileOptions options) {
    List<CsvColumn> columns = new ArrayList<>(survey.columns());
    if (options.columns().isPresent()) {
      List<ColumnCorrection> corrections = options.columns().get();
      if (corrections.size() != columns.size()) {
        throw ServerError.invalid(
            "columns has %d columns, and the file %d: name all of them, in the file's order"
                .formatted(corrections.size(), columns.size()));
      }
      for (int i = 0; i < columns.size(); i++) {
        CsvColumn found = columns.get(i);
        columns.set(
            i,
            new CsvColumn(
                corrections.get(i).name().orElse(found.name()),
                corrections.get(i).type().map(ColumnType::parse).orElse(found.type())));
      }
    }
    for (Map.Entry<String, String> type : options.types().entrySet()) {
      OptionalInt index = survey.indexOf(type.getKey());
      if (index.isEmpty()) {
        throw ServerError.invalid(
            "types names the column '" + type.getKey() + "', which the file has not");
      }
      CsvColumn column = columns.get(index.getAsInt());
      columns.set(
          index.getAsInt(), new CsvColumn(column.name(), ColumnType.parse(type.getValue())));
    }
    checkNames(columns);
    return columns;
  }

  static void checkNames(List<CsvColumn> columns) {
    Set<String> names = new HashSet<>();
    for (CsvColumn column : columns) {
      String name = column.name();
      if (name.isBlank()
          || name.length() > LONGEST_NAME
          || name.codePoints().anyMatch(SourceFile::isUnfit)) {
        throw ServerError.invalid(
            "A column's name has 1 to "
                + LONGEST_NAME
                + " characters, none of them a control character or half of one");
      }
      if (!names.add(name.toLowerCase(Locale.ROOT))) {
        throw ServerError.invalid(
            "There are two columns '" + name + "', but for case. Give them other names by columns");
      }
      if (column.type().kind() == ColumnType.Kind.STRUCT) {
        checkNames(column.type().parts());
      } else {
        column.type().parts().forEach(part -> checkNames(List.of(part)));
      }
    }
  }

  private static boolean isUnfit(int codePoint) {
    return Character.isISOControl(codePoint)
        || codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  /** Whether any of the columns has another type than the survey found. */
  boolean isRetyped() {
    for (int i = 0; i < columns.size(); i++) {
      if (!columns.get(i).type().equals(survey.columns().get(i).type())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public SourceFile fitting(List<CsvColumn> table) {
    return new SourceFile(upload, options, survey, SourceTable.matching(columns, table));
  }

  @Override
  public Map<String, String> format() {
    return Map.of(
        "encoding", survey.format().encoding().label(),
        "delimiter", String.valueOf(survey.format().delimiter()),
        "header", String.valueOf(survey.format().header()));
  }

  @Override
  public void check(boolean setAside) {
    checkDuplicates();
    if (survey.defectCount() > 0 && !setAside) {
      throw SetAside.refusal(options.fileName(), survey.defects(), survey.defectCount());
    }
  }

  /** Refuses a file two of whose columns are called alike, unless they were given names. */
  void checkDuplicates() {
    if (!survey.duplicates().isEmpty() && options.columns().isEmpty()) {
      throw ServerError.invalid(
          "'"
              + options.fileName()
              + "' has more than one column '"
              + survey.duplicates().iterator().next()
              + "'. Give its columns names of their own by columns, as a preview"
              + " (validate_only=true) proposes");
    }
  }

  @Override
  public Rows rows(Consumer<CsvRow> refused) throws IOException {
    return Rows.of(
        new TypedRows(
            upload.path(),
            survey.format(),
            columns.stream().map(CsvColumn::type).toList(),
            refused));
  }
}
