/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.PublicationRequest.Sharing;
import io.github.deltasharing.server.share.ConfiguredShares;
import io.github.deltasharing.server.share.ShareDetails;
import io.github.deltasharing.server.store.Change;
import io.github.deltasharing.server.store.GrantStore;
import io.github.deltasharing.server.store.Names;
import io.github.deltasharing.server.store.RecipientStore;
import io.github.deltasharing.server.store.Session;
import io.github.deltasharing.server.store.ShareStore;
import io.github.deltasharing.server.store.StoredObject;
import io.github.deltasharing.server.store.StoredPublication;
import io.github.deltasharing.server.store.StoredPublication.SharedAs;
import io.github.deltasharing.server.store.StoredShare;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/** Puts tables into shares, and takes them out. Safe for use by several threads. */
final class Placement {
  /** The order in which recipients are locked, here as elsewhere. */
  private static final Comparator<String> BY_KEY = Comparator.comparing(Names::key);

  private final ConfiguredShares configured;
  private final ShareStore shares = new ShareStore();
  private final RecipientStore recipients = new RecipientStore();
  private final GrantStore grants = new GrantStore();

  Placement(ConfiguredShares configured) {
    this.configured = configured;
  }

  /** Refuses what cannot be, before a file is read. */
  void check(Session session, Sharing where, String table, Optional<SharedAs> now)
      throws SQLException {
    Names.check("share", where.share());
    Names.check("schema", where.schema());
    Names.check("table", table);
    if (configured.find(where.share()).isPresent()) {
      throw new ServerError(
          409,
          ServerError.INVALID_STATE,
          "Share '" + where.share() + "' is in the server's configuration. Choose another one");
    }
    for (String recipient : where.recipients()) {
      recipients.require(session, recipient);
    }
    if (now.isPresent()) {
      checkSame(now.get(), where, table);
      return;
    }
    Optional<StoredShare> share = shares.find(session, where.share());
    if (share.isPresent()) {
      checkFree(session, share.get(), where, table);
    }
  }

  private static void checkSame(SharedAs now, Sharing where, String table) {
    if (!Names.isSame(now.share(), where.share())
        || !Names.isSame(now.schema(), where.schema())
        || !Names.isSame(now.table(), table)) {
      throw new ServerError(
          409,
          ServerError.INVALID_STATE,
          "It is shared as "
              + now.share()
              + "."
              + now.schema()
              + "."
              + now.table()
              + " already. Take it out of that share first, or add it to the other one by its"
              + " storage_location");
    }
  }

  private void checkFree(Session session, StoredShare share, Sharing where, String table)
      throws SQLException {
    for (StoredObject object : shares.objects(session, share, where.schema(), table)) {
      if (Names.key(object.table()).equals(Names.key(table))) {
        throw new ServerError(
            409,
            ServerError.RESOURCE_ALREADY_EXISTS,
            "The share holds '"
                + where.schema()
                + "."
                + table
                + "' already. Choose another table, or remove that one first");
      }
    }
  }

  /** Shares a table and grants the share. */
  SharedAs share(
      Session session, StoredPublication publication, Sharing where, String table, Change change)
      throws SQLException {
    check(session, where, table, publication.shared());
    if (shares.find(session, where.share()).isEmpty()) {
      shares.create(session, where.share(), ShareDetails.NONE, change.by(), change);
    }
    StoredShare share = shares.lock(session, where.share());
    for (String recipient : where.recipients().stream().sorted(BY_KEY).toList()) {
      grants.grant(session, share.name(), recipients.lock(session, recipient), change);
    }
    if (publication.shared().isPresent()) {
      return publication.shared().get();
    }
    checkFree(session, share, where, table);
    StoredObject object =
        new StoredObject(
            UUID.randomUUID().toString(),
            StoredObject.Type.TABLE,
            publication.name(),
            where.schema(),
            table,
            publication.location(),
            publication.comment(),
            false,
            0,
            change.at(),
            change.by());
    shares.add(session, share, object);
    shares.update(session, share, share.details(), share.owner(), change);
    return new SharedAs(object.id(), share.name(), where.schema(), table);
  }

  /** Takes a table out of its share. */
  void unshare(Session session, SharedAs shared, Change change) throws SQLException {
    StoredShare share = shares.lock(session, shared.share());
    for (StoredObject object : shares.objects(session, share)) {
      if (object.id().equals(shared.objectId())) {
        shares.remove(session, object);
        shares.update(session, share, share.details(), share.owner(), change);
      }
    }
  }
}
