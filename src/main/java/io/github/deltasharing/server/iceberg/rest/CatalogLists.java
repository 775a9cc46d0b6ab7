/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.share.SharedSchema;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.PathSegments;
import org.eclipse.jetty.util.Fields;

/**
 * What the catalog of a share has: its schemas, as namespaces of one level, and their tables. Safe
 * for use by several threads.
 */
final class CatalogLists {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ListedTables listed;

  CatalogLists(ListedTables listed) {
    this.listed = listed;
  }

  /** What clients do first. */
  static ObjectNode config(SharedShare share) {
    ObjectNode config = NODES.objectNode();
    config.putObject("defaults");
    // Clients put it into paths as it is.
    config.putObject("overrides").put("prefix", PathSegments.encode(share.name()));
    IcebergRoute.published().forEach(config.putArray("endpoints")::add);
    return config;
  }

  static ObjectNode namespaces(SharedShare share, Fields query) {
    NamePages.Page<SharedSchema> page =
        NamePages.of(query).page(share.schemas(), SharedSchema::name, schema -> true);
    ObjectNode list = start(page);
    ArrayNode names = list.putArray("namespaces");
    page.items().forEach(schema -> names.addArray().add(schema.name()));
    return list;
  }

  /** What is in a namespace of one level: none. */
  static ObjectNode noNamespaces() {
    ObjectNode list = NODES.objectNode();
    list.putArray("namespaces");
    return list;
  }

  static ObjectNode namespace(SharedSchema schema) {
    ObjectNode namespace = NODES.objectNode();
    namespace.putArray("namespace").add(schema.name());
    namespace.putObject("properties");
    return namespace;
  }

  /**
   * The tables that can be loaded.
   *
   * @param presence throws once the client has left
   */
  ObjectNode tables(SharedSchema schema, Fields query, Runnable presence) {
    NamePages.Page<SharedTable> page =
        NamePages.of(query)
            .page(
                schema.tables(),
                SharedTable::name,
                table -> {
                  presence.run();
                  return listed.isListed(table);
                });
    ObjectNode list = start(page);
    ArrayNode identifiers = list.putArray("identifiers");
    for (SharedTable table : page.items()) {
      ObjectNode identifier = identifiers.addObject();
      identifier.putArray("namespace").add(schema.name());
      identifier.put("name", table.name());
    }
    return list;
  }

  static ObjectNode noViews() {
    ObjectNode list = NODES.objectNode();
    list.putArray("identifiers");
    return list;
  }

  private static ObjectNode start(NamePages.Page<?> page) {
    ObjectNode list = NODES.objectNode();
    page.next().ifPresent(token -> list.put("next-page-token", token));
    return list;
  }
}
