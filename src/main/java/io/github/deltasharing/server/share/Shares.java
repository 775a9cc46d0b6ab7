/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.share;

import io.github.deltasharing.server.error.ServerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is shared, found by names without regard to case. Immutable, safe for use by several
 * threads.
 */
public final class Shares implements ShareView {
  private final List<SharedShare> shares;

  public Shares(List<SharedShare> shares) {
    this.shares = shares;
  }

  @Override
  public List<SharedShare> shares() {
    return shares;
  }

  @Override
  public SharedShare share(String name) {
    return find(name).orElseThrow(() -> ServerError.notFound("There is no share '" + name + "'"));
  }

  @Override
  public SharedSchema schema(String share, String name) {
    return find(share(share).schemas().stream(), SharedSchema::name, name)
        .orElseThrow(
            () -> ServerError.notFound("There is no schema '" + name + "' in share " + share));
  }

  @Override
  public SharedTable table(String share, String schema, String name) {
    return find(schema(share, schema).tables().stream(), SharedTable::name, name)
        .orElseThrow(
            () ->
                ServerError.notFound(
                    "There is no table '" + name + "' in schema " + share + "." + schema));
  }

  /** A share by its name, if there is one. */
  Optional<SharedShare> find(String name) {
    return find(shares.stream(), SharedShare::name, name);
  }

  private static <T> Optional<T> find(
      Stream<T> items, java.util.function.Function<T, String> name, String wanted) {
    // As the store compares them: letters that have one upper case may still be two.
    String key = wanted.toLowerCase(Locale.ROOT);
    return items.filter(item -> name.apply(item).toLowerCase(Locale.ROOT).equals(key)).findFirst();
  }

  /** Adds a table to the list, with its share and schema when they are missing. */
  public static void add(List<SharedShare> shares, SharedTable table) {
    SharedShare share =
        find(shares.stream(), SharedShare::name, table.share())
            .orElse(new SharedShare(table.share(), List.of()));
    SharedSchema schema =
        find(share.schemas().stream(), SharedSchema::name, table.schema())
            .orElse(new SharedSchema(table.schema(), List.of()));
    List<SharedTable> tables = new ArrayList<>(schema.tables());
    tables.add(table);
    List<SharedSchema> schemas = new ArrayList<>(share.schemas());
    replace(schemas, schema, new SharedSchema(schema.name(), tables));
    replace(shares, share, new SharedShare(share.name(), share.details(), schemas));
  }

  private static <T> void replace(List<T> list, T old, T replacement) {
    int index = list.indexOf(old);
    if (index < 0) {
      list.add(replacement);
    } else {
      list.set(index, replacement);
    }
  }
}
