/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.recipient;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.ShareView;
import io.github.deltasharing.server.share.SharedSchema;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.Shares;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.GrantStore;
import io.github.deltasharing.server.store.Names;
import io.github.deltasharing.server.store.Session;
import io.github.deltasharing.server.store.ShareStore;
import io.github.deltasharing.server.store.StoredObject;
import io.github.deltasharing.server.store.StoredShare;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one recipient sees during one request: shares of the store and of the configuration that are
 * granted to it. Used by one thread at a time.
 */
final class GrantedView implements ShareView {
  private final Database database;
  private final Shares configured;
  private final ObjectTables tables;
  private final RecipientKey recipient;
  private final GrantStore grants = new GrantStore();
  private final ShareStore store = new ShareStore();
  private final Map<String, SharedShare> seen = new HashMap<>();

  GrantedView(Database database, Shares configured, ObjectTables tables, RecipientKey recipient) {
    this.database = database;
    this.configured = configured;
    this.tables = tables;
    this.recipient = recipient;
  }

  @Override
  public List<SharedShare> shares() {
    return database.read(
        session -> {
          List<SharedShare> all = new ArrayList<>();
          for (StoredShare share : grants.shares(session, recipient.id(), recipient.epoch())) {
            all.add(new SharedShare(share.name(), share.details(), List.of()));
          }
          Set<String> keys = grants.keys(session, recipient.id(), recipient.epoch());
          configured.shares().stream()
              .filter(share -> keys.contains(Names.key(share.name())))
              .forEach(all::add);
          all.sort(Comparator.comparing(share -> Names.key(share.name()), session.keyOrder()));
          return all;
        });
  }

  @Override
  public SharedShare share(String name) {
    return seen.computeIfAbsent(
        Names.key(name),
        any ->
            find(name).orElseThrow(() -> ServerError.notFound("There is no share '" + name + "'")));
  }

  /** A share of the store and what is in it, as the database has it. */
  private record Held(StoredShare share, List<StoredObject> objects) {}

  /** Looks at directories once the database's connection is given back: they may be slow. */
  private Optional<SharedShare> find(String name) {
    Optional<Held> held =
        database.read(
            session -> {
              Optional<StoredShare> share = stored(session, name);
              return share.isEmpty()
                  ? Optional.empty()
                  : Optional.of(new Held(share.get(), store.objects(session, share.get())));
            });
    return held.isEmpty()
        ? database.read(session -> ofConfiguration(session, name))
        : held.map(
            found ->
                new SharedShare(
                    found.share().name(),
                    found.share().details(),
                    tables.schemas(found.share().name(), found.objects())));
  }

  private Optional<StoredShare> stored(Session session, String name) throws SQLException {
    return grants.share(session, name, recipient.id(), recipient.epoch());
  }

  private Optional<SharedShare> ofConfiguration(Session session, String name) throws SQLException {
    Optional<SharedShare> share =
        configured.shares().stream().filter(one -> Names.isSame(one.name(), name)).findFirst();
    return share.isPresent() && grants.isGranted(session, name, recipient.id(), recipient.epoch())
        ? share
        : Optional.empty();
  }

  @Override
  public SharedSchema schema(String share, String name) {
    return new Shares(List.of(share(share))).schema(share, name);
  }

  /** Without looking at the share's other tables. */
  @Override
  public SharedTable table(String share, String schema, String name) {
    Optional<Held> held =
        database.read(
            session -> {
              Optional<StoredShare> stored = stored(session, share);
              return stored.isEmpty()
                  ? Optional.empty()
                  : Optional.of(
                      new Held(stored.get(), store.objects(session, stored.get(), schema, name)));
            });
    Optional<SharedTable> found =
        held.flatMap(one -> tables.find(one.share().name(), name, one.objects()));
    // What is not there is said as lists have it.
    return found.orElseGet(() -> new Shares(List.of(share(share))).table(share, schema, name));
  }
}
