/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.error.CredentialErrors;
import io.github.deltasharing.error.SharingErrors;
import java.util.regex.Pattern;

/**
 * What {@code load(path)} names: a profile and a table.
 *
 * @param profile where the profile is: a file's path or URI, or {@code env:NAME}
 * @param table the table
 */
public record TablePath(String profile, TableName table) {
  private static final Pattern LOCATION = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:/.*");

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

  /**
   * Reads {@code <share>.<schema>.<table>}, which is all of a path where options give the
   * credential.
   *
   * @param option one of these, for messages
   * @throws IllegalArgumentException if there is a profile before it, or it is no table's name
   */
  public static TableName parseName(String path, String option) {
    if (lastHash(path) >= 0) {
      throw CredentialErrors.profileAndOptions(path, option);
    }
    // The session catalog makes a location below its warehouse of a table's option "path".
    boolean located = LOCATION.matcher(path).matches();
    TableName table = TableName.parse(located ? path.substring(path.lastIndexOf('/') + 1) : path);
    if (table == null) {
      throw CredentialErrors.badName(path, option);
    }
    return table;
  }

  /** The table of a path that names no profile before it; null for any other path. */
  public static TableName plainName(String path) {
    return lastHash(path) < 0 ? TableName.parse(path) : null;
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
