/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may read what, by the shares' names. Stateless: each call works on the session that it is
 * given.
 */
public final class GrantStore {
  private static final String GRANTS =
      "SELECT g.*, r.name AS recipient_name FROM grants g"
          + " JOIN recipients r ON r.id = g.recipient_id WHERE ";

  /** Grants a share, unless it is granted already. */
  public void grant(Session session, String share, StoredRecipient recipient, Change change)
      throws SQLException {
    session.update(
        "INSERT INTO grants (share_key, recipient_id, granted_at, granted_by)"
            + " SELECT ?, id, CAST(? AS BIGINT), ? FROM recipients r WHERE r.id = ? AND NOT EXISTS"
            + " (SELECT 1 FROM grants g WHERE g.share_key = ? AND g.recipient_id = r.id)",
        Names.key(share),
        change.millis(),
        change.by(),
        recipient.id(),
        Names.key(share));
  }

  public void revoke(Session session, String share, StoredRecipient recipient) throws SQLException {
    session.update(
        "DELETE FROM grants WHERE share_key = ? AND recipient_id = ?",
        Names.key(share),
        recipient.id());
  }

  /** Who may read a share, by the recipients' names. */
  public List<StoredGrant> ofShare(Session session, String share) throws SQLException {
    return session.list(
        GRANTS + "g.share_key = ? ORDER BY r.name_key", GrantStore::grant, Names.key(share));
  }

  /** What a recipient may read, by the shares' names. */
  public List<StoredGrant> ofRecipient(Session session, StoredRecipient recipient)
      throws SQLException {
    return session.list(
        GRANTS + "g.recipient_id = ? ORDER BY g.share_key", GrantStore::grant, recipient.id());
  }

  /** The shares of the store that are granted to a recipient of this epoch. */
  public List<StoredShare> shares(Session session, String recipientId, long epoch)
      throws SQLException {
    return session.list(
        "SELECT s.* FROM grants g JOIN recipients r ON r.id = g.recipient_id"
            + " JOIN shares s ON s.name_key = g.share_key"
            + " WHERE g.recipient_id = ? AND r.epoch = ? ORDER BY s.name_key",
        ShareStore::share,
        recipientId,
        epoch);
  }

  /** A share of the store, if it is granted to a recipient of this epoch. */
  public Optional<StoredShare> share(Session session, String name, String recipientId, long epoch)
      throws SQLException {
    return session.first(
        "SELECT s.* FROM shares s JOIN grants g ON g.share_key = s.name_key"
            + " JOIN recipients r ON r.id = g.recipient_id"
            + " WHERE s.name_key = ? AND g.recipient_id = ? AND r.epoch = ?",
        ShareStore::share,
        Names.key(name),
        recipientId,
        epoch);
  }

  /** The keys of all shares that are granted to a recipient of this epoch. */
  public Set<String> keys(Session session, String recipientId, long epoch) throws SQLException {
    return new TreeSet<>(
        session.list(
            "SELECT g.share_key FROM grants g JOIN recipients r ON r.id = g.recipient_id"
                + " WHERE g.recipient_id = ? AND r.epoch = ?",
            row -> row.getString(1),
            recipientId,
            epoch));
  }

  /** Whether a share is granted to a recipient of this epoch. */
  public boolean isGranted(Session session, String share, String recipientId, long epoch)
      throws SQLException {
    return session
        .first(
            "SELECT 1 FROM grants g JOIN recipients r ON r.id = g.recipient_id"
                + " WHERE g.share_key = ? AND g.recipient_id = ? AND r.epoch = ?",
            row -> true,
            Names.key(share),
            recipientId,
            epoch)
        .isPresent();
  }

  private static StoredGrant grant(ResultSet row) throws SQLException {
    return new StoredGrant(
        row.getString("share_key"),
        row.getString("recipient_id"),
        row.getString("recipient_name"),
        Instant.ofEpochMilli(row.getLong("granted_at")),
        row.getString("granted_by"));
  }
}
