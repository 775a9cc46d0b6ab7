/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import io.github.deltasharing.client.TableName;
import java.util.Locale;

/**
 * What an identifier of a catalog names: a shared table, or a table that is made of one. Immutable.
 *
 * @param part which of them
 */
record TableReference(TableName table, Part part) {
  /** The tables that are made of a shared one, under its name with this one after it. */
  enum Part {
    ROWS,
    CHANGES,
    FILES;

    /** The part of that name; null where there is none, {@link #ROWS} has none. */
    static Part named(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "changes" -> CHANGES;
        case "files" -> FILES;
        default -> null;
      };
    }
  }
}
