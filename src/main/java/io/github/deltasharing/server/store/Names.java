/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import io.github.deltasharing.server.error.ServerError;
import java.util.Locale;

/** What names of shares, schemas, tables, recipients and principals may be. Stateless. */
public final class Names {
  private static final int LONGEST = 255;

  private Names() {}

  /** A name without regard to case. */
  public static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Whether two names are one. Not {@code equalsIgnoreCase}, which compares upper cases too. */
  public static boolean isSame(String name, String other) {
    return key(name).equals(key(other));
  }

  /**
   * The name, if it is one.
   *
   * @throws ServerError 400 otherwise
   */
  public static String check(String what, String name) {
    if (name.isBlank()
        || name.length() > LONGEST
        || !name.strip().equals(name)
        || name.equals(".")
        || name.equals("..")
        || name.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))) {
      throw ServerError.invalid(
          what
              + " must have 1 to "
              + LONGEST
              + " characters, neither slash, backslash nor control characters, no blanks around it,"
              + " and be neither '.' nor '..'");
    }
    return name;
  }
}
