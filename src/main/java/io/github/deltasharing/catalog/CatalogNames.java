/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.QuotedName;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.spark.sql.connector.catalog.Identifier;

/**
 * How the names of one catalog are those of shares, schemas and tables: {@code share.schema.table},
 * or {@code schema.table} of the one share that is mounted. How many parts a name has says what it
 * is, so a table {@code changes} of a schema is never taken for the changes of a table. Immutable.
 */
final class CatalogNames {
  private final String catalog;
  private final String share;

  /**
   * @param share the one that is mounted, or null for all
   */
  CatalogNames(String catalog, String share) {
    this.catalog = catalog;
    this.share = share;
  }

  /** What an identifier names; null where it cannot be a table's. */
  TableReference reference(Identifier identifier) {
    String[] parts = path(identifier.namespace(), identifier.name());
    if (Stream.of(parts).anyMatch(String::isEmpty)) {
      return null;
    }
    if (parts.length == 3) {
      return new TableReference(name(parts), TableReference.Part.ROWS);
    }
    TableReference.Part part = parts.length == 4 ? TableReference.Part.named(parts[3]) : null;
    return part == null ? null : new TableReference(name(parts), part);
  }

  private static TableName name(String[] parts) {
    return new TableName(parts[0], parts[1], parts[2]);
  }

  /** A namespace from the share on: empty for all shares, a share, or a share and a schema. */
  String[] path(String[] namespace) {
    return path(namespace, null);
  }

  private String[] path(String[] namespace, String name) {
    return Stream.of(Stream.ofNullable(share), Arrays.stream(namespace), Stream.ofNullable(name))
        .flatMap(parts -> parts)
        .toArray(String[]::new);
  }

  /** The namespace of a share or a schema. */
  String[] namespace(String... path) {
    return share == null ? path : Arrays.copyOfRange(path, Math.min(1, path.length), path.length);
  }

  /** The identifier of a table. */
  Identifier identifier(String ofShare, String schema, String table) {
    return Identifier.of(namespace(ofShare, schema), table);
  }

  /** An identifier with the catalog's name, as SQL has it. */
  String quoted(Identifier identifier) {
    return QuotedName.of(
        Stream.of(
                Stream.of(catalog),
                Arrays.stream(identifier.namespace()),
                Stream.of(identifier.name()))
            .flatMap(parts -> parts)
            .toList());
  }

  /** A namespace with the catalog's name, as SQL has it. */
  String quoted(String[] namespace) {
    return QuotedName.of(Stream.concat(Stream.of(catalog), Arrays.stream(namespace)).toList());
  }
}
