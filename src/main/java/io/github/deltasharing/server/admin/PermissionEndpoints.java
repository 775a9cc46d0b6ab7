/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.ConfiguredShares;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.GrantStore;
import io.github.deltasharing.server.store.Names;
import io.github.deltasharing.server.store.RecipientStore;
import io.github.deltasharing.server.store.Session;
import io.github.deltasharing.server.store.ShareStore;
import io.github.deltasharing.server.store.StoredGrant;
import io.github.deltasharing.server.store.StoredRecipient;
import io.github.deltasharing.server.store.StoredShare;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who may read what: shares of the store and of the configuration. Safe for use by several threads.
 */
final class PermissionEndpoints {
  /** The one privilege that there is. */
  static final String SELECT = "SELECT";

  private static final int LONGEST_NAME = 255;

  private final Database database;
  private final ShareStore shares = new ShareStore();
  private final RecipientStore recipients = new RecipientStore();
  private final GrantStore store = new GrantStore();
  private final ConfiguredShares configured;

  PermissionEndpoints(Database database, ConfiguredShares configured) {
    this.database = database;
    this.configured = configured;
  }

  /** A share's name as it is written, and its id. */
  private record Named(String name, Optional<String> id) {}

  private record PermissionChange(String recipient, boolean remove, boolean add) {}

  AdminAnswer ofShare(AdminCall call) {
    return database.read(
        session -> answer(session, named(session, call.name()).orElseThrow(() -> none(call))));
  }

  private AdminAnswer answer(Session session, Named share) throws SQLException {
    return AdminAnswer.items(
        store.ofShare(session, share.name()),
        grant -> AdminJson.grant(grant, share.name(), share.id()));
  }

  AdminAnswer update(AdminCall call) {
    List<PermissionChange> changes = changes(call.body());
    return database.write(
        session -> {
          Named share = locked(session, call);
          Map<String, StoredRecipient> locked = lockAll(session, changes);
          for (PermissionChange change : changes) {
            StoredRecipient recipient = locked.get(Names.key(change.recipient()));
            if (change.remove()) {
              store.revoke(session, share.name(), recipient);
            }
            if (change.add()) {
              store.grant(session, share.name(), recipient, call.change());
            }
          }
          return answer(session, share);
        });
  }

  /** In the order of their names, as all do: nobody then waits for somebody who waits for it. */
  private Map<String, StoredRecipient> lockAll(Session session, List<PermissionChange> changes)
      throws SQLException {
    TreeMap<String, String> names = new TreeMap<>();
    changes.forEach(change -> names.putIfAbsent(Names.key(change.recipient()), change.recipient()));
    Map<String, StoredRecipient> locked = new HashMap<>();
    for (Map.Entry<String, String> name : names.entrySet()) {
      locked.put(name.getKey(), recipients.lock(session, name.getValue()));
    }
    return locked;
  }

  private static List<PermissionChange> changes(AdminBody body) {
    body.only("changes");
    List<PermissionChange> changes = new ArrayList<>();
    for (AdminBody change : body.objects("changes")) {
      change.only("recipient_name", "principal", "add", "remove");
      String recipient =
          change
              .text("recipient_name", LONGEST_NAME)
              .orElseGet(() -> change.requiredText("principal", LONGEST_NAME));
      changes.add(new PermissionChange(recipient, names(change, "remove"), names(change, "add")));
    }
    return changes;
  }

  /** Whether a list names the privilege. */
  private static boolean names(AdminBody change, String field) {
    List<String> privileges = change.texts(field, LONGEST_NAME).orElse(List.of());
    if (!privileges.stream().allMatch(SELECT::equals)) {
      throw ServerError.invalid(field + " must be a list of privileges: " + SELECT + " is all");
    }
    return !privileges.isEmpty();
  }

  AdminAnswer ofRecipient(AdminCall call) {
    return database.read(
        session -> {
          List<StoredGrant> grants =
              store.ofRecipient(session, recipients.require(session, call.name()));
          List<com.fasterxml.jackson.databind.node.ObjectNode> items = new ArrayList<>();
          for (StoredGrant grant : grants) {
            // Of a share that left the configuration there may be a grant, and nothing to read.
            named(session, grant.shareKey())
                .ifPresent(share -> items.add(AdminJson.grant(grant, share.name(), share.id())));
          }
          return AdminAnswer.items(items, item -> item);
        });
  }

  private Optional<Named> named(Session session, String name) throws SQLException {
    Optional<SharedShare> fixed = configured(name);
    return fixed.isPresent()
        ? fixed.map(share -> new Named(share.name(), share.details().id()))
        : shares.find(session, name).map(share -> new Named(share.name(), Optional.of(share.id())));
  }

  private Named locked(Session session, AdminCall call) throws SQLException {
    Optional<SharedShare> fixed = configured(call.name());
    if (fixed.isPresent()) {
      return new Named(fixed.get().name(), fixed.get().details().id());
    }
    StoredShare share = shares.lock(session, call.name());
    call.checkVersion(share.provenance());
    return new Named(share.name(), Optional.of(share.id()));
  }

  private Optional<SharedShare> configured(String name) {
    return configured.find(name);
  }

  private static ServerError none(AdminCall call) {
    return ServerError.notFound("There is no share '" + call.name() + "'");
  }
}
