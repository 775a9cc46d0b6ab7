/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.ConfiguredShares;
import io.github.deltasharing.server.share.ShareDetails;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.store.Change;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.Names;
import io.github.deltasharing.server.store.Page;
import io.github.deltasharing.server.store.Session;
import io.github.deltasharing.server.store.ShareStore;
import io.github.deltasharing.server.store.StoredObject;
import io.github.deltasharing.server.store.StoredShare;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Shares and what is in them. Those of the configuration are listed, and not changed. Safe for use
 * by several threads.
 */
final class ShareEndpoints {
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_COMMENT = 65_536;

  private final Database database;
  private final ShareStore store = new ShareStore();
  private final ConfiguredShares configured;
  private final DataObjects objects;

  ShareEndpoints(Database database, ConfiguredShares configured, DataObjects objects) {
    this.database = database;
    this.configured = configured;
    this.objects = objects;
  }

  AdminAnswer create(AdminCall call) {
    AdminBody body = call.body();
    body.only("name", "display_name", "comment", "properties", "owner");
    String name = Names.check("name", body.requiredText("name", LONGEST_NAME));
    if (configured(name).isPresent()) {
      throw new ServerError(
          409,
          ServerError.RESOURCE_ALREADY_EXISTS,
          "There is a share '" + name + "' in the server's configuration. Choose another name");
    }
    ShareDetails details = details(body, ShareDetails.NONE);
    String owner = body.text("owner", LONGEST_NAME).orElse(call.principal().name());
    StoredShare share =
        database.write(session -> store.create(session, name, details, owner, call.change()));
    return AdminAnswer.created(AdminJson.share(share)).of(share.provenance());
  }

  AdminAnswer list(AdminCall call) {
    Page.Of page = call.page();
    return AdminAnswer.page(database.read(session -> page(session, page)), json -> json);
  }

  /** Shares of the store and of the configuration, in the order of the database. */
  private Page<ObjectNode> page(Session session, Page.Of page) throws SQLException {
    Page<StoredShare> stored = store.page(session, page);
    Comparator<String> order = session.keyOrder();
    TreeMap<String, ObjectNode> all = new TreeMap<>(order);
    stored.items().forEach(share -> all.put(Names.key(share.name()), AdminJson.share(share)));
    for (SharedShare share : configured.now().shares()) {
      if (order.compare(Names.key(share.name()), page.after()) > 0) {
        all.put(Names.key(share.name()), AdminJson.share(share));
      }
    }
    List<String> keys = all.keySet().stream().limit(page.size()).toList();
    boolean more = all.size() > keys.size() || stored.next().isPresent();
    return new Page<>(
        keys.stream().map(all::get).toList(),
        more ? Optional.of(keys.get(keys.size() - 1)) : Optional.empty());
  }

  AdminAnswer get(AdminCall call) {
    Optional<SharedShare> fixed = configured(call.name());
    if (fixed.isPresent()) {
      ObjectNode json = AdminJson.share(fixed.get());
      var items = json.putArray("objects");
      fixed.get().schemas().stream()
          .flatMap(schema -> schema.tables().stream())
          .forEach(table -> items.add(AdminJson.object(table)));
      return AdminAnswer.ok(json);
    }
    return database.read(session -> answer(session, call.name()));
  }

  private AdminAnswer answer(Session session, String name) throws SQLException {
    StoredShare share = store.require(session, name);
    ObjectNode json = AdminJson.share(share);
    var items = json.putArray("objects");
    store.objects(session, share).forEach(object -> items.add(AdminJson.object(object)));
    return AdminAnswer.ok(json).of(share.provenance());
  }

  AdminAnswer update(AdminCall call) {
    requireStored(call.name());
    AdminBody body = call.body();
    body.only("name", "display_name", "comment", "properties", "owner", "updates");
    if (!Names.isSame(body.text("name", LONGEST_NAME).orElse(call.name()), call.name())) {
      throw ServerError.invalid("A share keeps its name. Make another share");
    }
    List<ObjectUpdate> updates = updates(call);
    return database.write(
        session -> {
          StoredShare share = store.lock(session, call.name());
          call.checkVersion(share.provenance());
          ShareDetails details = details(body, share.details());
          String owner = body.text("owner", LONGEST_NAME).orElse(share.owner());
          store.update(session, share, details, owner, call.change());
          for (ObjectUpdate update : updates) {
            apply(session, share, update);
          }
          return answer(session, call.name());
        });
  }

  AdminAnswer delete(AdminCall call) {
    requireStored(call.name());
    return database.write(
        session -> {
          StoredShare share = store.lock(session, call.name());
          call.checkVersion(share.provenance());
          store.delete(session, share);
          return AdminAnswer.nothing();
        });
  }

  /** An object to add, or what says which one to remove. */
  private record ObjectUpdate(Optional<StoredObject> add, AdminBody remove) {}

  /** Reads tables that are to be added before anything is locked. */
  private List<ObjectUpdate> updates(AdminCall call) {
    List<ObjectUpdate> updates = new ArrayList<>();
    Change change = call.change();
    for (AdminBody update : call.body().objects("updates")) {
      update.only("action", "data_object");
      AdminBody object = update.object("data_object");
      String action = update.requiredText("action", LONGEST_NAME);
      switch (action) {
        case "ADD" ->
            updates.add(
                new ObjectUpdate(Optional.of(objects.toAdd(call.name(), object, change)), object));
        case "REMOVE" -> updates.add(new ObjectUpdate(Optional.empty(), object));
        default -> throw ServerError.invalid("action must be ADD or REMOVE");
      }
    }
    return updates;
  }

  private void apply(Session session, StoredShare share, ObjectUpdate update) throws SQLException {
    if (update.add().isEmpty()) {
      List<StoredObject> held = store.objects(session, share);
      store.remove(session, DataObjects.toRemove(update.remove(), held));
      return;
    }
    StoredObject object = update.add().get();
    if (store.objects(session, share, object.schema(), object.table()).stream()
        .anyMatch(other -> Names.isSame(other.table(), object.table()))) {
      throw new ServerError(
          409,
          ServerError.RESOURCE_ALREADY_EXISTS,
          "The share holds '"
              + DataObjects.alias(object.schema(), object.table())
              + "' already. Remove it first, or choose another shared_as");
    }
    store.add(session, share, object);
  }

  /** What a body says, and what was there where it says nothing; an empty text takes it away. */
  private static ShareDetails details(AdminBody body, ShareDetails before) {
    Map<String, String> properties = body.properties("properties").orElse(before.properties());
    return new ShareDetails(
        before.id(),
        body.text("display_name", LONGEST_NAME)
            .or(before::displayName)
            .filter(text -> !text.isEmpty()),
        body.text("comment", LONGEST_COMMENT).or(before::comment).filter(text -> !text.isEmpty()),
        properties);
  }

  private Optional<SharedShare> configured(String name) {
    return configured.find(name);
  }

  private void requireStored(String name) {
    if (configured(name).isPresent()) {
      throw new ServerError(
          409,
          ServerError.INVALID_STATE,
          "Share '" + name + "' is in the server's configuration. Change it there");
    }
  }
}
