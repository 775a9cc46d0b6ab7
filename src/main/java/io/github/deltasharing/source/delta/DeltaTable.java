/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.github.deltasharing.source.TableStorage;
import java.net.URI;
import java.util.Locale;

/**
 * A Delta table, and the store that its log is read from. Immutable.
 *
 * @param fullName {@code share.schema.table}, as messages and logs name the table
 * @param location the table's directory: an absolute URI, without a slash at its end
 * @param storage where it lies
 */
record DeltaTable(String fullName, URI location, TableStorage storage) {
  static final String LOG = "_delta_log";

  /** The table's directory as Kernel is given it: decoded, without the scheme of local files. */
  String path() {
    return isLocal() ? location.getPath() : location.getScheme() + ":" + place();
  }

  /** The directory with its scheme, decoded. */
  String root() {
    return location.getScheme().toLowerCase(Locale.ROOT) + ":" + place();
  }

  private boolean isLocal() {
    return location.getScheme().equalsIgnoreCase("file");
  }

  private String place() {
    String authority = location.getRawAuthority();
    return (authority == null ? "" : "//" + authority) + location.getPath();
  }

  /** A commit in the store. */
  static String commit(long version) {
    return String.format(Locale.ROOT, "%s/%020d.json", LOG, version);
  }
}
