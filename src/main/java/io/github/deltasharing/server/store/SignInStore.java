/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Principals that are signed in to the page. Stateless: each call works on the session that it is
 * given.
 */
public final class SignInStore {
  /** The most a principal has; the one that was not used for longest ends. */
  private static final int MOST = 20;

  /**
   * A principal that is signed in. Immutable.
   *
   * @param principal as it is now
   * @param lastUsedAt when that was used last, to a minute
   * @param expiresAt when it ends in any case
   */
  public record SignedIn(StoredPrincipal principal, Instant lastUsedAt, Instant expiresAt) {}

  /** Signs a principal in, and forgets what has ended. */
  public void create(
      Session session,
      StoredPrincipal principal,
      String idHash,
      Instant now,
      Instant expiresAt,
      Duration idle)
      throws SQLException {
    session.update(
        "DELETE FROM sign_ins WHERE expires_at <= ? OR last_used_at <= ?",
        now.toEpochMilli(),
        now.minus(idle).toEpochMilli());
    session.update(
        "DELETE FROM sign_ins WHERE id_hash IN (SELECT id_hash FROM sign_ins WHERE principal_id = ?"
            + " ORDER BY last_used_at DESC OFFSET "
            + (MOST - 1)
            + " ROWS)",
        principal.id());
    session.update(
        "INSERT INTO sign_ins (id_hash, principal_id, token_hash, created_at, last_used_at,"
            + " expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        idHash,
        principal.id(),
        principal.tokenHash(),
        now.toEpochMilli(),
        now.toEpochMilli(),
        expiresAt.toEpochMilli());
  }

  /** Who is signed in; empty if it ended, or the principal has another token by now. */
  public Optional<SignedIn> find(Session session, String idHash, Instant now, Duration idle)
      throws SQLException {
    return session.first(
        "SELECT p.*, s.last_used_at AS used_at, s.expires_at FROM sign_ins s JOIN principals p"
            + " ON p.id = s.principal_id AND p.token_hash = s.token_hash"
            + " WHERE s.id_hash = ? AND s.expires_at > ? AND s.last_used_at > ?",
        row ->
            new SignedIn(
                PrincipalStore.principal(row),
                Instant.ofEpochMilli(row.getLong("used_at")),
                Instant.ofEpochMilli(row.getLong("expires_at"))),
        idHash,
        now.toEpochMilli(),
        now.minus(idle).toEpochMilli());
  }

  public void noteUse(Session session, String idHash, Instant now) throws SQLException {
    session.update(
        "UPDATE sign_ins SET last_used_at = ? WHERE id_hash = ?", now.toEpochMilli(), idHash);
  }

  public void delete(Session session, String idHash) throws SQLException {
    session.update("DELETE FROM sign_ins WHERE id_hash = ?", idHash);
  }
}
