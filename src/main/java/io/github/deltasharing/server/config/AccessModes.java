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
import java.net.URI;
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
  static void check(
      List<StorageConfig> storage, List<CatalogConfig> catalogs, List<SharedShare> shares) {
    shares.stream()
        .flatMap(share -> share.schemas().stream())
        .flatMap(schema -> schema.tables().stream())
        .filter(table -> table.accessModes().contains(TableAccess.DIR))
        .forEach(table -> check(storage, catalogs, table));
  }

  private static void check(
      List<StorageConfig> storage, List<CatalogConfig> catalogs, SharedTable table) {
    if (!table.historyShared() || table.startVersion() > 0) {
      throw wrong(
          table,
          "its history is not shared from the first version: whoever reads the directory reads all that was ever"
              + " written to it. Set historyShared: true without a startVersion, or accessModes: [url]");
    }
    for (URI place : places(table, catalogs)) {
      if (StorageConfig.of(storage, place).flatMap(StorageConfig::credentials).isEmpty()) {
        throw wrong(
            table,
            "no entry of storage has credentials for %s: add them, or set accessModes: [url]"
                .formatted(place));
      }
      storage.stream()
          .filter(entry -> entry.prefix().startsWith(place + "/") && entry.credentials().isEmpty())
          .findAny()
          .ifPresent(
              entry -> {
                throw wrong(
                    table,
                    "it may be below %s, whose entry of storage has no credentials: add them, or set accessModes: [url]"
                        .formatted(entry.prefix()));
              });
    }
  }

  /** Where a table's directory is, or may be. */
  private static List<URI> places(SharedTable table, List<CatalogConfig> catalogs) {
    if (!IcebergLocation.isIceberg(table.location())) {
      return List.of(table.location());
    }
    if (!table.accessModes().contains(TableAccess.URL)) {
      throw wrong(
          table,
          "it is an Iceberg table, whose directory no recipient of this protocol reads: set accessModes: [url, dir],"
              + " by which Iceberg clients may read the directory, or [url]");
    }
    IcebergLocation location = IcebergLocation.of(table.location()).orElseThrow();
    boolean oneState =
        location instanceof IcebergLocation.AtPath path
            && !path.file().equals(IcebergLocation.HINT);
    if (oneState || location.ref().isPresent()) {
      throw wrong(
          table,
          "it is shared at one state or branch: whoever reads the directory reads all others too. Set accessModes: [url]");
    }
    return CatalogConfig.places(location, catalogs);
  }

  private static ConfigException wrong(SharedTable table, String why) {
    return new ConfigException(
        "Table %s has the access mode dir, but %s".formatted(table.fullName(), why));
  }
}
