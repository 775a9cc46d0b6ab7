/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import io.github.deltasharing.server.error.ServerError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The principals of the provider's side, of whom one is an admin at any time. Stateless: each call
 * works on the session that it is given.
 */
public final class PrincipalStore {
  private static final String LOCK = "principals";

  /** Whether there is none yet; one server at a time learns that there is not. */
  public boolean isEmpty(Session session) throws SQLException {
    session.lock(LOCK);
    return session.first("SELECT 1 FROM principals", row -> true).isEmpty();
  }

  public StoredPrincipal create(
      Session session, String name, AdminRole role, String tokenHash, Change change)
      throws SQLException {
    session.update(
        "INSERT INTO principals (id, name, name_key, role, token_hash, version, created_at,"
            + " created_by, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?)",
        UUID.randomUUID().toString(),
        name,
        Names.key(name),
        role.name(),
        tokenHash,
        change.millis(),
        change.by(),
        change.millis(),
        change.by());
    return require(session, name);
  }

  public Page<StoredPrincipal> page(Session session, Page.Of page) throws SQLException {
    List<StoredPrincipal> principals =
        session.list(
            "SELECT * FROM principals WHERE name_key > ? ORDER BY name_key LIMIT ?",
            PrincipalStore::principal,
            page.after(),
            page.size() + 1);
    return Page.of(principals, page.size(), StoredPrincipal::name);
  }

  /** A principal, or a {@link ServerError} 404. */
  public StoredPrincipal require(Session session, String name) throws SQLException {
    return named(session, name)
        .orElseThrow(() -> ServerError.notFound("There is no principal '" + name + "'"));
  }

  private static Optional<StoredPrincipal> named(Session session, String name) throws SQLException {
    return session.first(
        "SELECT * FROM principals WHERE name_key = ?", PrincipalStore::principal, Names.key(name));
  }

  /** As above, and no principal is changed by anybody else until the transaction's end. */
  public StoredPrincipal lock(Session session, String name) throws SQLException {
    session.lock(LOCK);
    return require(session, name);
  }

  /** As above, of a principal that may not be there. */
  public Optional<StoredPrincipal> lockIfThere(Session session, String name) throws SQLException {
    session.lock(LOCK);
    return named(session, name);
  }

  /**
   * Gives a principal that is locked another role.
   *
   * @throws ServerError 409 if it is the last admin
   */
  public void update(Session session, StoredPrincipal principal, AdminRole role, Change change)
      throws SQLException {
    if (role != AdminRole.ADMIN) {
      keepOneAdmin(session, principal);
    }
    session.update(
        "UPDATE principals SET role = ?, version = version + 1, updated_at = ?, updated_by = ?"
            + " WHERE id = ?",
        role.name(),
        change.millis(),
        change.by(),
        principal.id());
  }

  /** Gives a principal another token; the old one is refused from now on. */
  public void replaceToken(
      Session session, StoredPrincipal principal, String tokenHash, Change change)
      throws SQLException {
    session.update(
        "UPDATE principals SET token_hash = ?, version = version + 1, updated_at = ?,"
            + " updated_by = ? WHERE id = ?",
        tokenHash,
        change.millis(),
        change.by(),
        principal.id());
  }

  /**
   * Deletes a principal that is locked.
   *
   * @throws ServerError 409 if it is the last admin
   */
  public void delete(Session session, StoredPrincipal principal) throws SQLException {
    keepOneAdmin(session, principal);
    session.update("DELETE FROM principals WHERE id = ?", principal.id());
  }

  private static void keepOneAdmin(Session session, StoredPrincipal principal) throws SQLException {
    boolean another =
        session
            .first(
                "SELECT 1 FROM principals WHERE role = ? AND id <> ?",
                row -> true,
                AdminRole.ADMIN.name(),
                principal.id())
            .isPresent();
    if (principal.role() == AdminRole.ADMIN && !another) {
      throw new ServerError(
          409,
          ServerError.INVALID_STATE,
          "'" + principal.name() + "' is the last admin. Make another principal an admin first");
    }
  }

  public Optional<StoredPrincipal> find(Session session, String tokenHash) throws SQLException {
    return session.first(
        "SELECT * FROM principals WHERE token_hash = ?", PrincipalStore::principal, tokenHash);
  }

  public void noteUse(Session session, StoredPrincipal principal, Instant now) throws SQLException {
    session.update(
        "UPDATE principals SET last_used_at = ? WHERE id = ?", now.toEpochMilli(), principal.id());
  }

  static StoredPrincipal principal(ResultSet row) throws SQLException {
    return new StoredPrincipal(
        row.getString("id"),
        row.getString("name"),
        AdminRole.valueOf(row.getString("role")),
        row.getString("token_hash"),
        Session.time(row, "last_used_at").map(Instant::ofEpochMilli),
        Provenance.of(row));
  }
}
