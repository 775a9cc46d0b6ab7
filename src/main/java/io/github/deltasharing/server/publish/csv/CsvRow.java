/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

import java.util.List;

/**
 * One line of a file, or several if a quoted field has line ends.
 *
 * @param line the number of its first line, from 1
 * @param fields its fields; null where the text says so
 * @param quoted which of them were in quotes
 * @param defect what is wrong with it; null if nothing is
 */
public record CsvRow(long line, List<String> fields, List<Boolean> quoted, String defect) {
  static CsvRow broken(long line, String defect) {
    return new CsvRow(line, List.of(), List.of(), defect);
  }

  /** The same with a defect. */
  public CsvRow with(String found) {
    return new CsvRow(line, fields, quoted, found);
  }
}
