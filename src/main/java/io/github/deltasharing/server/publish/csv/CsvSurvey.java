/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

import io.github.deltasharing.server.error.ServerError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a whole file has in it. Immutable.
 *
 * @param format how its text is a table
 * @param columns its columns, with types that fit all of their values
 * @param rows how many rows without a defect
 * @param defects the first lines with one
 * @param defectCount how many lines have one
 * @param firstRows the first rows as text, null for null
 * @param duplicates the columns' names that are there more than once
 */
public record CsvSurvey(
    CsvFormat format,
    List<CsvColumn> columns,
    long rows,
    List<CsvDefect> defects,
    long defectCount,
    List<List<String>> firstRows,
    Set<String> duplicates) {
  /** Of how many lines it is said what is wrong. */
  public static final int MOST_DEFECTS = 100;

  /** Of how many rows it is shown what is in them. */
  public static final int FIRST_ROWS = 20;

  private static final int LONGEST_NAME = 255;

  /** How many fields of these, and how many characters of each. */
  public static final int SHOWN = 200;

  /**
   * What a sender says of a file. Immutable.
   *
   * @param encoding the encoding that was found
   * @param delimiter empty to find it
   * @param quote around fields
   * @param header empty to find out
   * @param nullTexts texts that are null
   */
  public record Given(
      TextEncoding encoding,
      Optional<Character> delimiter,
      char quote,
      Optional<Boolean> header,
      Set<String> nullTexts) {}

  /**
   * Reads a file once.
   *
   * @throws ServerError 400 when it has no columns or too many
   */
  public static CsvSurvey of(Path file, Given given) throws IOException {
    char delimiter =
        given.delimiter().isPresent()
            ? given.delimiter().get()
            : FormatDetector.delimiter(file, given.encoding(), given.quote());
    if (delimiter == given.quote()) {
      throw ServerError.invalid("delimiter and quote must differ");
    }
    CsvFormat format =
        new CsvFormat(given.encoding(), delimiter, given.quote(), false, given.nullTexts());
    try (CsvLines lines = new CsvLines(file, format)) {
      if (!lines.hasNext()) {
        throw ServerError.invalid("The file is empty: a table has one line at least, its header");
      }
      CsvRow first = lines.next();
      if (first.defect() != null) {
        throw ServerError.invalid("Line " + first.line() + ": " + first.defect());
      }
      boolean header = given.header().orElseGet(() -> FormatDetector.header(first));
      return new Survey(format.withHeader(header), first).read(lines);
    }
  }

  /** The first line decides how many columns there are. */
  private static final class Survey {
    private final CsvFormat format;
    private final CsvRow first;
    private final int width;
    private final List<TypeGuess> guesses = new ArrayList<>();
    private final List<CsvDefect> defects = new ArrayList<>();
    private final List<List<String>> firstRows = new ArrayList<>();
    private final Set<String> duplicates = new LinkedHashSet<>();
    private long defectCount;
    private long rows;

    Survey(CsvFormat format, CsvRow first) {
      this.format = format;
      this.first = first;
      this.width = first.fields().size();
      for (int i = 0; i < width; i++) {
        guesses.add(new TypeGuess());
      }
    }

    CsvSurvey read(CsvLines lines) {
      if (!format.header()) {
        accept(first);
      }
      while (lines.hasNext()) {
        accept(lines.next());
      }
      List<CsvColumn> columns = new ArrayList<>();
      List<String> names = names();
      for (int i = 0; i < width; i++) {
        columns.add(new CsvColumn(names.get(i), guesses.get(i).type()));
      }
      return new CsvSurvey(format, columns, rows, defects, defectCount, firstRows, duplicates);
    }

    private void accept(CsvRow row) {
      Optional<String> defect = defect(row, width);
      if (defect.isPresent()) {
        defectCount++;
        if (defects.size() < MOST_DEFECTS) {
          defects.add(new CsvDefect(row.line(), defect.get()));
        }
        return;
      }
      rows++;
      for (int i = 0; i < width; i++) {
        guesses.get(i).accept(row.fields().get(i), row.quoted().get(i));
      }
      if (firstRows.size() < FIRST_ROWS) {
        firstRows.add(
            Collections.unmodifiableList(
                row.fields().stream().limit(SHOWN).map(CsvSurvey::shown).toList()));
      }
    }

    /** Those of the header; {@code column_1} and so on where it has none, and a number if twice. */
    private List<String> names() {
      List<String> names = new ArrayList<>();
      Set<String> taken = new HashSet<>();
      for (int i = 0; i < width; i++) {
        String given = format.header() ? first.fields().get(i) : null;
        String name = given == null || given.isBlank() ? "column_" + (i + 1) : clean(given);
        String unique = name;
        for (int n = 2; !taken.add(unique.toLowerCase(Locale.ROOT)); n++) {
          duplicates.add(name);
          unique = name + "_" + n;
        }
        names.add(unique);
      }
      return names;
    }

    private static String clean(String name) {
      String clean = name.strip().replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
      if (clean.length() <= LONGEST_NAME) {
        return clean;
      }
      boolean between = Character.isHighSurrogate(clean.charAt(LONGEST_NAME - 1));
      return clean.substring(0, between ? LONGEST_NAME - 1 : LONGEST_NAME);
    }
  }

  /** A field's first characters; null for null. */
  public static String shown(String text) {
    return text == null || text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  /** What is wrong with a row of a table of so many columns. */
  static Optional<String> defect(CsvRow row, int width) {
    if (row.defect() != null) {
      return Optional.of(row.defect());
    }
    int fields = row.fields().size();
    return fields == width
        ? Optional.empty()
        : Optional.of("it has %d fields instead of %d".formatted(fields, width));
  }

  /** The number of a column of this name without regard to case. */
  public OptionalInt indexOf(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equalsIgnoreCase(name)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
