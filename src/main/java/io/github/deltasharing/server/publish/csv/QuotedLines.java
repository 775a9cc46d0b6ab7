/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;

/** Finds how far a row goes whose quotes are broken, by the parser's own rules. Stateless. */
final class QuotedLines {
  private QuotedLines() {}

  /**
   * The line with the text after a closing quote.
   *
   * @param start the number of the row's first line, from 1
   */
  static long brokenAt(Path file, CsvFormat format, long start) throws IOException {
    try (Reader reader = CsvLines.reader(file, format.encoding())) {
      CsvLines.skip(reader, start - 1);
      long line = start;
      boolean fieldStarts = true;
      boolean quoted = false;
      boolean closed = false;
      int before = 0;
      for (int c = reader.read(); c >= 0; before = c, c = reader.read()) {
        if (quoted) {
          if (c == format.quote()) {
            quoted = false;
            closed = true;
          } else if (c == '\r' || c == '\n' && before != '\r') {
            line++;
          }
        } else if (closed && c == format.quote()) {
          quoted = true;
          closed = false;
        } else if (c == format.delimiter()) {
          fieldStarts = true;
          closed = false;
        } else if (closed || c == '\r' || c == '\n') {
          return line;
        } else {
          quoted = fieldStarts && c == format.quote();
          fieldStarts = false;
        }
      }
      return line;
    }
  }
}
