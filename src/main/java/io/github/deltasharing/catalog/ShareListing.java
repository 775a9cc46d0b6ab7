/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import io.github.deltasharing.client.Schema;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.Table;
import io.github.deltasharing.error.SharingServerException;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.connector.catalog.Identifier;

/**
 * What a recipient can see, as namespaces and identifiers of a catalog. Asks the server with each
 * call, and for lists only: no table is loaded. Driver only; thread-safe.
 */
final class ShareListing {
  /** What servers say to an endpoint that they do not have. */
  private static final Set<Integer> NO_ENDPOINT = Set.of(400, 404, 405, 501);

  private final SharingClient client;
  private final CatalogNames names;

  ShareListing(SharingClient client, CatalogNames names) {
    this.client = client;
    this.names = names;
  }

  /** The namespaces right below one: one listing. */
  String[][] namespaces(String[] namespace) throws NoSuchNamespaceException {
    String[] path = names.path(namespace);
    switch (path.length) {
      case 0:
        return client.listShares().stream()
            .map(share -> names.namespace(share.name()))
            .toArray(String[][]::new);
      case 1:
        return schemas(path[0], namespace).stream()
            .map(schema -> names.namespace(path[0], schema.name()))
            .toArray(String[][]::new);
      default:
        if (!exists(namespace)) {
          throw new NoSuchNamespaceException(namespace);
        }
        return new String[0][];
    }
  }

  /** Whether there is such a namespace: one request. */
  boolean exists(String[] namespace) {
    String[] path = names.path(namespace);
    try {
      return switch (path.length) {
        case 0 -> true;
        case 1 -> share(path[0]);
        case 2 ->
            client.listSchemas(path[0]).stream()
                .anyMatch(schema -> schema.name().equalsIgnoreCase(path[1]));
        default -> false;
      };
    } catch (SharingServerException e) {
      if (MissingTables.isMissing(client, e)) {
        return false;
      }
      throw e;
    }
  }

  private boolean share(String name) {
    client.share(name);
    return true;
  }

  /**
   * The tables of a schema, of all schemas of a share, or of all shares: one listing, for all
   * shares one more of each. Servers without a listing of all tables of a share are asked schema by
   * schema.
   */
  Identifier[] tables(String[] namespace) throws NoSuchNamespaceException {
    String[] path = names.path(namespace);
    List<Table> tables;
    try {
      tables =
          switch (path.length) {
            case 0 ->
                client.listShares().stream()
                    .flatMap(share -> allTables(share.name()).stream())
                    .toList();
            case 1 -> allTables(path[0]);
            case 2 -> client.listTables(path[0], path[1]);
            default -> throw new NoSuchNamespaceException(namespace);
          };
    } catch (SharingServerException e) {
      throw notFound(e, namespace);
    }
    return tables.stream()
        .map(table -> names.identifier(table.share(), table.schema(), table.name()))
        .toArray(Identifier[]::new);
  }

  private List<Table> allTables(String share) {
    try {
      return client.listAllTables(share);
    } catch (SharingServerException e) {
      if (!NO_ENDPOINT.contains(e.status())) {
        throw e;
      }
    }
    return client.listSchemas(share).stream()
        .flatMap(schema -> client.listTables(share, schema.name()).stream())
        .toList();
  }

  private List<Schema> schemas(String share, String[] namespace) throws NoSuchNamespaceException {
    try {
      return client.listSchemas(share);
    } catch (SharingServerException e) {
      throw notFound(e, namespace);
    }
  }

  private NoSuchNamespaceException notFound(SharingServerException e, String[] namespace) {
    if (names.path(namespace).length == 0 || !MissingTables.isMissing(client, e)) {
      throw e;
    }
    return new NoSuchNamespaceException(namespace);
  }
}
