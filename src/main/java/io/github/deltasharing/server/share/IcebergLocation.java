/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.share;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The location of a table that is Iceberg's: its name in a catalog, or a file of its metadata. All
 * other locations are directories of Delta tables. Immutable.
 */
public sealed interface IcebergLocation {
  /** The scheme of names in catalogs. */
  String SCHEME = "iceberg";

  /** The file in which a catalog of directories keeps which state of a table is the newest. */
  String HINT = "version-hint.text";

  /** The directory of a table's metadata, below the table's. */
  String METADATA = "metadata";

  /** The branch or tag that is shared; empty for the main branch. */
  Optional<String> ref();

  /**
   * A table by its name.
   *
   * @param catalog the catalog's name in the configuration
   * @param namespace the levels above the table, outermost first
   * @param table its own name
   */
  record InCatalog(String catalog, List<String> namespace, String table, Optional<String> ref)
      implements IcebergLocation {
    public InCatalog {
      namespace = List.copyOf(namespace);
    }
  }

  /**
   * A table by its metadata.
   *
   * @param root the table's directory
   * @param file of the metadata, below its directory: {@link #HINT} for the newest, or one state
   */
  record AtPath(URI root, String file, Optional<String> ref) implements IcebergLocation {}

  /**
   * Reads a location.
   *
   * @return empty if it is that of a Delta table
   * @throws IllegalArgumentException if it is neither; the message says what it must be
   */
  static Optional<IcebergLocation> of(URI location) {
    if (SCHEME.equals(location.getScheme())) {
      return Optional.of(inCatalog(location));
    }
    String path = location.getPath() == null ? "" : location.getPath();
    int name = path.lastIndexOf('/');
    String file = path.substring(name + 1);
    if (!file.equals(HINT) && !file.endsWith(".metadata.json")) {
      return Optional.empty();
    }
    String directory = path.substring(0, Math.max(0, name));
    if (!directory.endsWith("/" + METADATA)) {
      throw new IllegalArgumentException(
          "a file in the directory 'metadata' of an Iceberg table, as it ends with " + file);
    }
    String root = directory.substring(0, directory.length() - METADATA.length() - 1);
    try {
      return Optional.of(
          new AtPath(
              new URI(location.getScheme(), location.getAuthority(), root, null, null),
              file,
              ref(location)));
    } catch (java.net.URISyntaxException e) {
      throw new IllegalArgumentException("a location", e);
    }
  }

  /** Whether a location is that of an Iceberg table. */
  static boolean isIceberg(URI location) {
    try {
      return of(location).isPresent();
    } catch (IllegalArgumentException e) {
      // A directory of that name.
      return false;
    }
  }

  private static InCatalog inCatalog(URI location) {
    String path = location.getPath() == null ? "" : location.getPath();
    List<String> names = new ArrayList<>(List.of(path.replaceFirst("^/", "").split("/", -1)));
    if (location.getAuthority() == null
        || names.size() < 2
        || names.stream().anyMatch(name -> name.isBlank() || name.matches("\\.\\.?"))) {
      throw new IllegalArgumentException("iceberg://<catalog>/<namespace>/<table>");
    }
    String table = names.remove(names.size() - 1);
    return new InCatalog(location.getAuthority(), names, table, ref(location));
  }

  private static Optional<String> ref(URI location) {
    String query = location.getQuery();
    if (query == null) {
      return Optional.empty();
    }
    if (!query.startsWith("ref=") || query.length() == "ref=".length()) {
      throw new IllegalArgumentException("one with '?ref=<branch or tag>' or without a '?'");
    }
    return Optional.of(query.substring("ref=".length()));
  }
}
