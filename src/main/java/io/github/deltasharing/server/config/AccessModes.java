/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import io.github.deltasharing.protocol.TableAccess;
import io.github.deltasharing.server.share.IcebergLocation;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import java.util.List;

/** Checks how tables are offered. Stateless. */
final class AccessModes {
  static final List<String> DEFAULT = List.of(TableAccess.URL);

  private static final List<String> KNOWN = List.of(TableAccess.URL, TableAccess.DIR);

  private AccessModes() {}

  /** What an entry says, in one order; empty where it says nothing. */
  static List<String> of(String key, List<String> written) {
    if (written == null) {
      return List.of();
    }
    if (written.isEmpty() || !KNOWN.containsAll(written)) {
      throw ConfigException.wrong(key, written, "url, dir or both, as a list");
    }
    return KNOWN.stream().filter(written::contains).toList();
  }

  /** Refuses directories that cannot be read, or that show more than is shared. */
  static void check(List<StorageConfig> storage, List<SharedShare> shares) {
    shares.stream()
        .flatMap(share -> share.schemas().stream())
        .flatMap(schema -> schema.tables().stream())
        .filter(table -> table.access().offersDirectory())
        .forEach(table -> check(storage, table));
  }

  private static void check(List<StorageConfig> storage, SharedTable table) {
    if (IcebergLocation.of(table.location()).isPresent()) {
      throw new ConfigException(
          "Table %s has the access mode dir, but it is an Iceberg table, whose directory no recipient of this protocol reads: set accessModes: [url]"
              .formatted(table.fullName()));
    }
    if (!table.historyShared() || table.startVersion() > 0) {
      throw new ConfigException(
          "Table %s has the access mode dir, but its history is not shared from the first version: whoever reads the"
                  .formatted(table.fullName())
              + " directory reads all that was ever written to it. Set historyShared: true without a startVersion, or"
              + " accessModes: [url]");
    }
    if (StorageConfig.of(storage, table.location()).flatMap(StorageConfig::credentials).isEmpty()) {
      throw new ConfigException(
          "Table %s has the access mode dir, but no entry of storage has credentials for %s: add them, or set"
                  .formatted(table.fullName(), table.location())
              + " accessModes: [url]");
    }
  }
}
