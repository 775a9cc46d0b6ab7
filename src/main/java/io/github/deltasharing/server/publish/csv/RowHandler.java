/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import java.util.ArrayList;
import java.util.List;

/** Makes rows of what the parser finds, and keeps which fields were in quotes. Not thread-safe. */
final class RowHandler extends AbstractBaseCsvCallbackHandler<CsvRow> {
  private final CsvFormat format;
  private List<String> fields = new ArrayList<>();
  private List<Boolean> quotes = new ArrayList<>();
  private String defect;
  private long characters;

  RowHandler(CsvFormat format) {
    this.format = format;
  }

  /** Where the row that was begun last starts. */
  long line() {
    return Math.max(1, getStartingLineNumber());
  }

  @Override
  protected void handleBegin(long startingLineNumber) {
    fields = new ArrayList<>(fields.size());
    quotes = new ArrayList<>(fields.size());
    defect = null;
    characters = 0;
  }

  @Override
  protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
    if (length > CsvLines.LONGEST_FIELD) {
      defect = "field %d is longer than %d characters".formatted(index + 1, CsvLines.LONGEST_FIELD);
      return;
    }
    if (index >= CsvLines.MOST_COLUMNS) {
      defect = "it has more than " + CsvLines.MOST_COLUMNS + " fields";
      return;
    }
    characters += length;
    if (characters > CsvLines.LONGEST_ROW) {
      fields.clear();
      quotes.clear();
      defect = "it is longer than %d characters".formatted(CsvLines.LONGEST_ROW);
      return;
    }
    String text = new String(buffer, offset, length);
    if (text.indexOf('\0') >= 0) {
      defect = "field %d has a NUL character".formatted(index + 1);
    }
    boolean isNull = length == 0 && !quoted || format.nullTexts().contains(text);
    fields.add(isNull ? null : text);
    quotes.add(quoted);
  }

  @Override
  protected CsvRow buildRecord() {
    return new CsvRow(getStartingLineNumber(), fields, quotes, defect);
  }
}
