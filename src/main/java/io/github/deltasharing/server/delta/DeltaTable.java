/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.delta;

import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.TableStorage;
import java.net.URI;
import java.util.Locale;

/**
 * A shared table that is a Delta table, and the store that its log is read from. Immutable.
 *
 * @param shared as it is shared
 * @param storage where it lies
 */
record DeltaTable(SharedTable shared, TableStorage storage) {
  static final String LOG = "_delta_log";

  /** {@code share.schema.table}, as messages and logs name the table. */
  String fullName() {
    return shared.fullName();
  }

  URI location() {
    return shared.location();
  }

  /** The table's directory as Kernel is given it. */
  String path() {
    return shared.location().getPath();
  }

  /** A commit in the store. */
  static String commit(long version) {
    return String.format(Locale.ROOT, "%s/%020d.json", LOG, version);
  }
}
