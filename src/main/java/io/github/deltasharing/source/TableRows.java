/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

import java.util.List;

/**
 * Some rows of a version, for people to look at. Immutable, but for the lists in it.
 *
 * @param columns the names of the columns that were read, in the table's order
 * @param rows the rows; null for SQL null, booleans, texts, numbers that are exact in JavaScript,
 *     and lists and maps of these. Longer numbers and decimals are texts, times are ISO 8601, bytes
 *     are hexadecimal
 * @param more whether the version has more rows
 * @param cut how many values are not whole
 */
public record TableRows(List<String> columns, List<List<Object>> rows, boolean more, long cut) {
  /**
   * What is read at most.
   *
   * @param rows of the version
   * @param columns of these
   * @param characters of one value; bytes are two each
   * @param items of one list, map or struct
   * @param chunkBytes of the largest row group, as it is stored
   * @param millis how long it may take
   */
  public record Limits(
      int rows, int columns, int characters, int items, long chunkBytes, long millis) {}
}
