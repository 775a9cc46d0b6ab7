/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

import java.util.Set;

/**
 * How a file's text is a table. Immutable.
 *
 * @param encoding how its bytes are text
 * @param delimiter between fields
 * @param quote around fields that have delimiters, quotes or line ends in them
 * @param header whether the first line has the columns' names
 * @param nullTexts fields that are null; a field without text and quotes always is
 */
public record CsvFormat(
    TextEncoding encoding, char delimiter, char quote, boolean header, Set<String> nullTexts) {
  public CsvFormat {
    nullTexts = Set.copyOf(nullTexts);
  }

  CsvFormat withHeader(boolean present) {
    return new CsvFormat(encoding, delimiter, quote, present, nullTexts);
  }
}
