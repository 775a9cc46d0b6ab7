/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingErrors;

/**
 * What {@code load(path)} names: a profile and a table.
 *
 * @param profile where the profile is: a file's path or URI, or {@code env:NAME}
 * @param table the table
 */
public record TablePath(String profile, TableName table) {
  /**
   * Reads {@code <profile>#<share>.<schema>.<table>}, split at the last {@code #} that does not be
   * quoted in backticks.
   *
   * @throws IllegalArgumentException if there is no such split
   */
  public static TablePath parse(String path) {
    int hash = lastHash(path);
    if (hash <= 0) {
      throw SharingErrors.badPath(
          path, hash < 0 ? "it has no '#'" : "nothing stands before the '#'");
    }
    TableName table = TableName.parse(path.substring(hash + 1));
    if (table == null) {
      throw SharingErrors.badPath(
          path,
          "'"
              + path.substring(hash + 1)
              + "' does not have the three parts <share>.<schema>.<table>");
    }
    return new TablePath(path.substring(0, hash), table);
  }

  private static int lastHash(String path) {
    boolean quoted = false;
    for (int i = path.length() - 1; i >= 0; i--) {
      quoted ^= path.charAt(i) == '`';
      if (path.charAt(i) == '#' && !quoted) {
        return i;
      }
    }
    return path.lastIndexOf('#');
  }
}
