/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import io.github.deltasharing.server.share.IcebergLocation;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A catalog of Iceberg tables, which locations name: {@code iceberg://<name>/<namespace>/<table>}.
 * Immutable.
 *
 * @param name as locations have it
 * @param type {@code hadoop}: each table in its directory below the warehouse
 * @param warehouse the directory of all tables
 */
public record CatalogConfig(String name, String type, URI warehouse) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

  /** A catalog of directories. */
  public static final String HADOOP = "hadoop";

  /**
   * Checks what is in an entry.
   *
   * @param key of the entry, for messages
   */
  static CatalogConfig of(String key, String name, String type, URI warehouse) {
    if (!NAME.matcher(name).matches()) {
      throw ConfigException.wrong(
          key + ".name", name, "up to 63 letters, digits, dashes and underscores");
    }
    if (!HADOOP.equals(type)) {
      throw ConfigException.wrong(key + ".type", type, "hadoop");
    }
    return new CatalogConfig(name, type, warehouse);
  }

  /** Refuses two catalogs of one name, and tables of a catalog that there is not. */
  static void check(List<CatalogConfig> catalogs, List<SharedShare> shares) {
    Set<String> names = new HashSet<>();
    for (CatalogConfig catalog : catalogs) {
      if (!names.add(catalog.name())) {
        throw new ConfigException(
            "catalogs has two entries with the name " + catalog.name() + ": leave one");
      }
    }
    shares.stream()
        .flatMap(share -> share.schemas().stream())
        .flatMap(schema -> schema.tables().stream())
        .forEach(table -> check(names, table));
  }

  private static void check(Set<String> names, SharedTable table) {
    if (IcebergLocation.of(table.location()).orElse(null) instanceof IcebergLocation.InCatalog named
        && !names.contains(named.catalog())) {
      throw new ConfigException(
          "Table %s is in the catalog '%s', which is not in catalogs: add it"
              .formatted(table.fullName(), named.catalog()));
    }
  }
}
