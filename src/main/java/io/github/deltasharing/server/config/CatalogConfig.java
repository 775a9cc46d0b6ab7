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
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A catalog of Iceberg tables, which locations name: {@code iceberg://<name>/<namespace>/<table>}.
 * Immutable.
 *
 * @param name as locations have it
 * @param type {@code hadoop}: each table in its directory below the warehouse; {@code rest}, {@code
 *     jdbc}, or the class of a catalog of Iceberg's library
 * @param locations below which its tables are; of a catalog of directories, the warehouse
 * @param properties what it is reached with; secrets, in part
 */
public record CatalogConfig(
    String name, String type, List<URI> locations, Map<String, String> properties) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

  /** A catalog of directories. */
  public static final String HADOOP = "hadoop";

  /** A catalog that speaks Iceberg's REST protocol. */
  public static final String REST = "rest";

  /** A database with Iceberg's tables of a catalog. */
  public static final String JDBC = "jdbc";

  private static final String S3 = "s3a";

  /** Key of the address of a service or database. */
  public static final String URI_KEY = "uri";

  public CatalogConfig {
    locations = List.copyOf(locations);
    properties = Map.copyOf(properties);
  }

  /**
   * Checks what is in an entry.
   *
   * @param key of the entry, for messages
   */
  static CatalogConfig of(
      String key, String name, String type, List<URI> locations, Map<String, String> properties) {
    if (!NAME.matcher(name).matches()) {
      throw ConfigException.wrong(
          key + ".name", name, "up to 63 letters, digits, dashes and underscores");
    }
    if (locations.isEmpty()) {
      throw new ConfigException(
          key
              + ".locations is missing: give it the directories below which the catalog's tables are");
    }
    switch (type) {
      case HADOOP -> {
        if (!properties.isEmpty()) {
          throw new ConfigException(
              key + " is of type hadoop, which has a warehouse alone: leave the other keys out");
        }
      }
      case REST -> checkAddress(key, properties.get(URI_KEY));
      case JDBC -> checkDatabase(key, properties.get(URI_KEY));
      default -> checkClass(key, type);
    }
    return new CatalogConfig(name, type, locations, properties);
  }

  private static void checkAddress(String key, String uri) {
    // An address may have a secret in it: it is not quoted.
    if (uri == null || !uri.matches("https?://[^/@?#\\s]+(/[^@?#\\s]*)?")) {
      throw new ConfigException(
          key + ".uri must be the http: or https: address of the catalog, without a user in it");
    }
  }

  private static void checkDatabase(String key, String uri) {
    if (uri == null || !uri.startsWith("jdbc:")) {
      throw new ConfigException(key + ".uri must be the jdbc: address of the catalog's database");
    }
  }

  private static void checkClass(String key, String type) {
    try {
      Class.forName(type, false, CatalogConfig.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw ConfigException.wrong(
          key + ".type",
          type,
          "hadoop, rest, jdbc, or the name of a class of catalogs of Iceberg that is on the class path");
    }
  }

  /** The directory of all tables of a catalog of directories. */
  public URI warehouse() {
    return locations.get(0);
  }

  /** A place that the catalog names, as locations are written; empty if it is outside of them. */
  public Optional<URI> within(String place) {
    URI uri;
    try {
      uri =
          place.matches("(?s)[A-Za-z][A-Za-z0-9+.-]+:.*") && !place.startsWith("file:")
              ? ObjectLocation.of("place", place).uri("place")
              : ConfigValues.uri(
                  Path.of(place.replaceFirst("^file:(//(localhost)?(?=/))?", "")).normalize());
    } catch (ConfigException | java.nio.file.InvalidPathException e) {
      return Optional.empty();
    }
    return locations.stream().anyMatch(location -> isBelow(location, uri))
        ? Optional.of(uri)
        : Optional.empty();
  }

  /** The directory of a table, or those below which a catalog has it. */
  static List<URI> places(IcebergLocation location, List<CatalogConfig> catalogs) {
    return location instanceof IcebergLocation.InCatalog named
        ? catalogs.stream()
            .filter(catalog -> catalog.name().equals(named.catalog()))
            .flatMap(catalog -> catalog.locations().stream())
            .toList()
        : List.of(((IcebergLocation.AtPath) location).root());
  }

  /** Whether a table is one of Iceberg's, in a store from where Iceberg clients may read it. */
  public static boolean isForIcebergClients(SharedTable table, List<CatalogConfig> catalogs) {
    return IcebergLocation.isIceberg(table.location())
        && places(IcebergLocation.of(table.location()).orElseThrow(), catalogs).stream()
            .allMatch(place -> S3.equals(place.getScheme()));
  }

  private static boolean isBelow(URI location, URI place) {
    String start = location.getPath().replaceAll("/+$", "") + "/";
    return String.valueOf(location.getScheme()).equals(place.getScheme())
        && String.valueOf(location.getAuthority()).equals(String.valueOf(place.getAuthority()))
        && place.getPath().startsWith(start)
        && !(place.getPath() + "/").contains("/../");
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

  /** Without its properties. */
  @Override
  public String toString() {
    return "CatalogConfig[" + name + ", " + type + "]";
  }
}
