/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.recipient.ObjectTables;
import io.github.deltasharing.server.share.ConfiguredShares;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.TableSources;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.Names;
import io.github.deltasharing.server.store.Page;
import io.github.deltasharing.server.store.ShareStore;
import io.github.deltasharing.server.store.StoredShare;
import io.github.deltasharing.source.TableRows;
import io.github.deltasharing.source.TableSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * The tables of shares as recipients see them, those in directories too, and what is in them. Safe
 * for use by several threads.
 */
final class TableEndpoints {
  private static final int ROWS = 20;
  private static final int MOST_ROWS = 100;
  private static final int MOST_COLUMNS = 100;
  private static final int MOST_CHARACTERS = 500;
  private static final int MOST_ITEMS = 50;
  private static final long MOST_CHUNK_BYTES = 64L << 20;
  private static final long MOST_MILLIS = 15_000;
  private static final int MOST_PREVIEWS = 2;

  private static final Comparator<SharedTable> ORDER =
      Comparator.comparing((SharedTable table) -> Names.key(table.schema()))
          .thenComparing(table -> Names.key(table.name()));

  private final Database database;
  private final ShareStore store = new ShareStore();
  private final ConfiguredShares configured;
  private final ObjectTables tables;
  private final TableSources sources;

  /** Rows are read into memory: some at a time. */
  private final Semaphore previews = new Semaphore(MOST_PREVIEWS);

  TableEndpoints(
      Database database, ConfiguredShares configured, ObjectTables tables, TableSources sources) {
    this.database = database;
    this.configured = configured;
    this.tables = tables;
    this.sources = sources;
  }

  AdminAnswer list(AdminCall call) {
    Page.Of page = call.page();
    String[] after = page.after().split("/", 2);
    List<SharedTable> rest =
        all(call.name()).stream()
            .sorted(ORDER)
            .filter(table -> after.length < 2 || isAfter(table, after[0], after[1]))
            .limit(page.size() + 1L)
            .toList();
    boolean more = rest.size() > page.size();
    List<SharedTable> items = more ? rest.subList(0, page.size()) : rest;
    return AdminAnswer.page(
        new Page<>(items, more ? Optional.of(key(items.get(items.size() - 1))) : Optional.empty()),
        TableJson::table);
  }

  /** No name has a slash. */
  private static String key(SharedTable table) {
    return Names.key(table.schema()) + "/" + Names.key(table.name());
  }

  private static boolean isAfter(SharedTable table, String schema, String name) {
    int order = Names.key(table.schema()).compareTo(schema);
    return order > 0 || (order == 0 && Names.key(table.name()).compareTo(name) > 0);
  }

  AdminAnswer get(AdminCall call) {
    SharedTable table = find(call);
    TableSnapshot snapshot = sources.open(table).latest();
    ObjectNode json = TableJson.table(table);
    TableJson.snapshot(json, snapshot);
    return AdminAnswer.ok(json);
  }

  AdminAnswer preview(AdminCall call) {
    int rows = rows(call);
    SharedTable table = find(call);
    if (!previews.tryAcquire()) {
      throw ServerError.busy("The first rows of other tables are being read. Try again");
    }
    try {
      TableSnapshot snapshot = sources.open(table).latest();
      TableRows first =
          snapshot.firstRows(
              new TableRows.Limits(
                  rows, MOST_COLUMNS, MOST_CHARACTERS, MOST_ITEMS, MOST_CHUNK_BYTES, MOST_MILLIS));
      return AdminAnswer.ok(TableJson.rows(snapshot, first));
    } finally {
      previews.release();
    }
  }

  private static int rows(AdminCall call) {
    String text = call.parameters().getOrDefault("maxResults", String.valueOf(ROWS));
    if (!text.matches("\\d{1,3}")
        || Integer.parseInt(text) == 0
        || Integer.parseInt(text) > MOST_ROWS) {
      throw ServerError.invalid("maxResults must be a whole number, 1 to " + MOST_ROWS);
    }
    return Integer.parseInt(text);
  }

  private List<SharedTable> all(String share) {
    List<SharedTable> all = new ArrayList<>();
    Optional<SharedShare> fixed = configured(share);
    var schemas =
        fixed.isPresent()
            ? fixed.get().schemas()
            : database.read(
                session -> {
                  StoredShare stored = store.require(session, share);
                  return tables.schemas(stored.name(), store.objects(session, stored));
                });
    schemas.forEach(schema -> all.addAll(schema.tables()));
    return all;
  }

  private SharedTable find(AdminCall call) {
    String schema = call.names().get(1);
    String name = call.names().get(2);
    Optional<SharedShare> fixed = configured(call.name());
    Optional<SharedTable> found =
        fixed.isPresent()
            ? fixed.get().schemas().stream()
                .flatMap(one -> one.tables().stream())
                .filter(table -> Names.isSame(table.schema(), schema))
                .filter(table -> Names.isSame(table.name(), name))
                .findFirst()
            : database.read(
                session -> {
                  StoredShare stored = store.require(session, call.name());
                  return tables.find(
                      stored.name(), name, store.objects(session, stored, schema, name));
                });
    return found.orElseThrow(
        () ->
            ServerError.notFound(
                "Share '" + call.name() + "' has no table '" + schema + "." + name + "'"));
  }

  private Optional<SharedShare> configured(String name) {
    return configured.find(name);
  }
}
