/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Recipients' tokens, which come here as hashes. Stateless: each call works on the session that it
 * is given.
 */
public final class TokenStore {
  /**
   * A token that is yet to be activated.
   *
   * @param activationHash the hash of the link's secret
   * @param activationExpiresAt until when the link may be opened
   * @param expiresAt until when the token is taken
   */
  public record Pending(String activationHash, Instant activationExpiresAt, Instant expiresAt) {}

  /**
   * Who sent a token.
   *
   * @param tokenId which token
   * @param tokenHash its hash, as it is stored
   * @param lastUsedAt when it was used last
   * @param recipient whose it is
   */
  public record Sender(
      String tokenId, String tokenHash, Optional<Instant> lastUsedAt, StoredRecipient recipient) {}

  /** How many of a recipient's tokens that are of no use any more are kept to look at. */
  private static final int KEPT = 100;

  /** Issues a token, and forgets the oldest of those that are of no use any more. */
  public StoredToken issue(
      Session session, StoredRecipient recipient, Pending pending, Change change)
      throws SQLException {
    String id = UUID.randomUUID().toString();
    session.update(
        "DELETE FROM recipient_tokens WHERE id IN (SELECT id FROM recipient_tokens"
            + " WHERE recipient_id = ? AND (revoked_at IS NOT NULL OR expires_at <= ?)"
            + " ORDER BY created_at DESC, id OFFSET "
            + KEPT
            + " ROWS)",
        recipient.id(),
        change.millis());
    session.update(
        "INSERT INTO recipient_tokens (id, recipient_id, activation_hash, activation_expires_at,"
            + " expires_at, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?)",
        id,
        recipient.id(),
        pending.activationHash(),
        pending.activationExpiresAt().toEpochMilli(),
        pending.expiresAt().toEpochMilli(),
        change.millis(),
        change.by());
    return session
        .first("SELECT * FROM recipient_tokens WHERE id = ?", TokenStore::token, id)
        .orElseThrow();
  }

  /** A recipient's tokens, the newest first. */
  public List<StoredToken> of(Session session, StoredRecipient recipient) throws SQLException {
    return session.list(
        "SELECT * FROM recipient_tokens WHERE recipient_id = ? ORDER BY created_at DESC, id",
        TokenStore::token,
        recipient.id());
  }

  /**
   * What lists of recipients say of their tokens. Immutable.
   *
   * @param expiresAt until when the last of those is taken that were not ended
   * @param activatedAt when a link was opened last
   * @param lastUsedAt when one was used last, to a minute
   */
  public record Summary(
      Optional<Instant> expiresAt, Optional<Instant> activatedAt, Optional<Instant> lastUsedAt) {}

  /** Of the recipients of a page, by their ids. */
  public Map<String, Summary> summaries(Session session, Page.Of page) throws SQLException {
    Map<String, Summary> summaries = new HashMap<>();
    session.list(
        "SELECT recipient_id, MAX(CASE WHEN revoked_at IS NULL THEN expires_at END) AS expires_at,"
            + " MAX(activated_at) AS activated_at, MAX(last_used_at) AS last_used_at"
            + " FROM recipient_tokens WHERE recipient_id IN"
            + " (SELECT id FROM recipients WHERE name_key > ? ORDER BY name_key LIMIT ?)"
            + " GROUP BY recipient_id",
        row ->
            summaries.put(
                row.getString("recipient_id"),
                new Summary(
                    Session.time(row, "expires_at").map(Instant::ofEpochMilli),
                    Session.time(row, "activated_at").map(Instant::ofEpochMilli),
                    Session.time(row, "last_used_at").map(Instant::ofEpochMilli))),
        page.after(),
        page.size());
    return summaries;
  }

  /**
   * Ends tokens that are still taken: at once, or later.
   *
   * @param grace until when those that were activated are taken; the rest is of no use to anybody
   */
  public void supersede(Session session, StoredRecipient recipient, Instant grace, Change change)
      throws SQLException {
    session.update(
        "UPDATE recipient_tokens SET revoked_at = ? WHERE recipient_id = ? AND revoked_at IS NULL"
            + " AND (activated_at IS NULL OR ? <= ?)",
        change.millis(),
        recipient.id(),
        grace.toEpochMilli(),
        change.millis());
    session.update(
        "UPDATE recipient_tokens SET superseded_at = COALESCE(superseded_at, ?),"
            + " expires_at = CASE WHEN expires_at < ? THEN expires_at ELSE ? END"
            + " WHERE recipient_id = ? AND revoked_at IS NULL AND expires_at > ?",
        change.millis(),
        grace.toEpochMilli(),
        grace.toEpochMilli(),
        recipient.id(),
        change.millis());
  }

  /** The token of an activation link that could be opened now. */
  public Optional<StoredToken> pending(Session session, String activationHash, Instant now)
      throws SQLException {
    return session.first(
        "SELECT * FROM recipient_tokens WHERE activation_hash = ? AND activated_at IS NULL"
            + " AND revoked_at IS NULL AND activation_expires_at > ? AND expires_at > ?",
        TokenStore::token,
        activationHash,
        now.toEpochMilli(),
        now.toEpochMilli());
  }

  /**
   * Makes the token of an activation link: once, whoever opens it at the same time.
   *
   * @return until when the token is taken; empty if the link is not one, was opened or is old
   */
  public Optional<Instant> activate(
      Session session, String activationHash, String tokenHash, Instant now) throws SQLException {
    int activated =
        session.update(
            "UPDATE recipient_tokens SET token_hash = ?, activated_at = ? WHERE activation_hash = ?"
                + " AND activated_at IS NULL AND revoked_at IS NULL"
                + " AND activation_expires_at > ? AND expires_at > ?",
            tokenHash,
            now.toEpochMilli(),
            activationHash,
            now.toEpochMilli(),
            now.toEpochMilli());
    return activated == 0
        ? Optional.empty()
        : session.first(
            "SELECT expires_at FROM recipient_tokens WHERE activation_hash = ?",
            row -> Instant.ofEpochMilli(row.getLong(1)),
            activationHash);
  }

  /** Whose an activation link is or was. */
  public Optional<StoredRecipient> recipient(Session session, String activationHash)
      throws SQLException {
    return session.first(
        "SELECT r.* FROM recipient_tokens t JOIN recipients r ON r.id = t.recipient_id"
            + " WHERE t.activation_hash = ?",
        RecipientStore::recipient,
        activationHash);
  }

  /** Whose a token is that is taken now. */
  public Optional<Sender> find(Session session, String tokenHash, Instant now) throws SQLException {
    return session.first(
        "SELECT r.*, t.id AS token_id, t.token_hash AS token_hash, t.last_used_at AS last_used_at"
            + " FROM recipient_tokens t JOIN recipients r ON r.id = t.recipient_id"
            + " WHERE t.token_hash = ? AND t.revoked_at IS NULL AND t.expires_at > ?",
        row ->
            new Sender(
                row.getString("token_id"),
                row.getString("token_hash"),
                Session.time(row, "last_used_at").map(Instant::ofEpochMilli),
                RecipientStore.recipient(row)),
        tokenHash,
        now.toEpochMilli());
  }

  public void noteUse(Session session, String tokenId, Instant now) throws SQLException {
    session.update(
        "UPDATE recipient_tokens SET last_used_at = ? WHERE id = ?", now.toEpochMilli(), tokenId);
  }

  private static StoredToken token(ResultSet row) throws SQLException {
    return new StoredToken(
        row.getString("id"),
        Instant.ofEpochMilli(row.getLong("activation_expires_at")),
        Session.time(row, "activated_at").map(Instant::ofEpochMilli),
        Instant.ofEpochMilli(row.getLong("expires_at")),
        Session.time(row, "superseded_at").map(Instant::ofEpochMilli),
        Session.time(row, "revoked_at").map(Instant::ofEpochMilli),
        Session.time(row, "last_used_at").map(Instant::ofEpochMilli),
        Instant.ofEpochMilli(row.getLong("created_at")),
        row.getString("created_by"));
  }
}
