/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.recipient;

import io.github.deltasharing.server.share.SchemaDirectories;
import io.github.deltasharing.server.share.SharedSchema;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.AllowedLocations;
import io.github.deltasharing.server.store.Names;
import io.github.deltasharing.server.store.StoredObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The tables of what a share holds: those that were added, and those in directories that were added
 * as schemas. One that was added goes before one of its name in a directory. Safe for use by
 * several threads.
 */
public record ObjectTables(SchemaDirectories directories, AllowedLocations allowed) {

  /** All of them, by schemas and in the order of names. */
  public List<SharedSchema> schemas(String share, List<StoredObject> objects) {
    TreeMap<String, TreeMap<String, SharedTable>> schemas = new TreeMap<>();
    TreeMap<String, String> names = new TreeMap<>();
    for (StoredObject object : objects) {
      String key = Names.key(object.schema());
      names.putIfAbsent(key, object.schema());
      schemas.computeIfAbsent(key, any -> new TreeMap<>());
      if (object.type() == StoredObject.Type.TABLE && allowed.permits(object.location())) {
        schemas.get(key).put(Names.key(object.table()), object.shared(share));
      }
    }
    for (StoredObject object : objects) {
      if (object.type() == StoredObject.Type.SCHEMA && allowed.permits(object.location())) {
        TreeMap<String, SharedTable> tables = schemas.get(Names.key(object.schema()));
        for (String name : directories.tables(object.location())) {
          tables.computeIfAbsent(Names.key(name), any -> inDirectory(share, object, name));
        }
      }
    }
    List<SharedSchema> list = new ArrayList<>();
    schemas.forEach(
        (key, tables) -> list.add(new SharedSchema(names.get(key), List.copyOf(tables.values()))));
    return list;
  }

  /**
   * One of them.
   *
   * @param objects of the table's schema
   */
  public Optional<SharedTable> find(String share, String table, List<StoredObject> objects) {
    for (StoredObject object : objects) {
      if (object.type() == StoredObject.Type.TABLE
          && Names.isSame(object.table(), table)
          && allowed.permits(object.location())) {
        return Optional.of(object.shared(share));
      }
    }
    for (StoredObject object : objects) {
      if (object.type() == StoredObject.Type.SCHEMA && allowed.permits(object.location())) {
        String name = directories.find(object.location(), table);
        if (!name.isEmpty()) {
          return Optional.of(inDirectory(share, object, name));
        }
      }
    }
    return Optional.empty();
  }

  /** With an id that is the same each time. */
  private static SharedTable inDirectory(String share, StoredObject directory, String name) {
    byte[] seed = (directory.id() + "/" + name).getBytes(StandardCharsets.UTF_8);
    URI location =
        URI.create(directory.location().toString().replaceAll("/+$", "") + "/").resolve(path(name));
    return new SharedTable(
        share,
        directory.schema(),
        name,
        location,
        UUID.nameUUIDFromBytes(seed).toString(),
        directory.historyShared(),
        directory.startVersion());
  }

  private static URI path(String name) {
    try {
      return new URI(null, null, "./" + name, null);
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException("A directory's name is no path", e);
    }
  }
}
