/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The keys that sign URLs and tokens. Stateless: each call works on the session it is given. */
public final class SigningKeyStore {
  /**
   * A key.
   *
   * @param secret what signs: a secret
   * @param createdAt when it was made
   * @param signsFrom since when it signs: by then all servers know it
   */
  public record StoredKey(String secret, Instant createdAt, Instant signsFrom) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "StoredKey[" + signsFrom + "]";
    }
  }

  /** All keys, the oldest first. */
  public List<StoredKey> list(Session session) throws SQLException {
    return session.list(
        "SELECT * FROM signing_keys ORDER BY signs_from, id",
        row ->
            new StoredKey(
                row.getString("secret"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("signs_from"))));
  }

  /** As above; one server at a time changes them, until the transaction's end. */
  public List<StoredKey> lock(Session session) throws SQLException {
    session.lock("signing-keys");
    return list(session);
  }

  public void add(Session session, StoredKey key) throws SQLException {
    session.update(
        "INSERT INTO signing_keys (id, secret, created_at, signs_from) VALUES (?, ?, ?, ?)",
        UUID.randomUUID().toString(),
        key.secret(),
        key.createdAt().toEpochMilli(),
        key.signsFrom().toEpochMilli());
  }

  /** Deletes the keys that signed before a time and no later. */
  public void deleteBefore(Session session, Instant signsFrom) throws SQLException {
    session.update("DELETE FROM signing_keys WHERE signs_from < ?", signsFrom.toEpochMilli());
  }
}
