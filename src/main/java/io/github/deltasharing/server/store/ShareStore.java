/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.ShareDetails;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Shares and what is in them. Stateless: each call works on the session that it is given. */
public final class ShareStore {
  private static final String OBJECTS = "SELECT o.* FROM data_objects o ";

  /** Makes a share; what was granted on an older one of its name is not granted on this one. */
  public StoredShare create(
      Session session, String name, ShareDetails details, String owner, Change change)
      throws SQLException {
    String id = UUID.randomUUID().toString();
    session.update("DELETE FROM grants WHERE share_key = ?", Names.key(name));
    session.update(
        "INSERT INTO shares (id, name, name_key, display_name, comment, properties, owner, version,"
            + " created_at, created_by, updated_at, updated_by)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)",
        id,
        name,
        Names.key(name),
        details.displayName().orElse(null),
        details.comment().orElse(null),
        JsonText.of(details.properties()),
        owner,
        change.millis(),
        change.by(),
        change.millis(),
        change.by());
    return require(session, name);
  }

  public Page<StoredShare> page(Session session, Page.Of page) throws SQLException {
    List<StoredShare> shares =
        session.list(
            "SELECT * FROM shares WHERE name_key > ? ORDER BY name_key LIMIT ?",
            ShareStore::share,
            page.after(),
            page.size() + 1);
    return Page.of(shares, page.size(), StoredShare::name);
  }

  public Optional<StoredShare> find(Session session, String name) throws SQLException {
    return session.first(
        "SELECT * FROM shares WHERE name_key = ?", ShareStore::share, Names.key(name));
  }

  /** A share, or a {@link ServerError} 404. */
  public StoredShare require(Session session, String name) throws SQLException {
    return find(session, name).orElseThrow(() -> missing(name));
  }

  /** A share that nobody else changes until the transaction's end, or a {@link ServerError} 404. */
  public StoredShare lock(Session session, String name) throws SQLException {
    return session
        .first(
            "SELECT * FROM shares WHERE name_key = ? FOR UPDATE",
            ShareStore::share,
            Names.key(name))
        .orElseThrow(() -> missing(name));
  }

  private static ServerError missing(String name) {
    return ServerError.notFound("There is no share '" + name + "'");
  }

  /** Changes what is said of a share that is locked. */
  public void update(
      Session session, StoredShare share, ShareDetails details, String owner, Change change)
      throws SQLException {
    session.update(
        "UPDATE shares SET display_name = ?, comment = ?, properties = ?, owner = ?,"
            + " version = version + 1, updated_at = ?, updated_by = ? WHERE id = ?",
        details.displayName().orElse(null),
        details.comment().orElse(null),
        JsonText.of(details.properties()),
        owner,
        change.millis(),
        change.by(),
        share.id());
  }

  /** Deletes a share, what is in it and what is granted on it. */
  public void delete(Session session, StoredShare share) throws SQLException {
    session.update("DELETE FROM grants WHERE share_key = ?", Names.key(share.name()));
    session.update("DELETE FROM shares WHERE id = ?", share.id());
  }

  /** What is in a share, in the order of lists. */
  public List<StoredObject> objects(Session session, StoredShare share) throws SQLException {
    return session.list(
        OBJECTS + "WHERE o.share_id = ? ORDER BY o.schema_key, o.table_key",
        ShareStore::object,
        share.id());
  }

  /** What has a schema's name in a share: its tables, or a directory, or both. */
  public List<StoredObject> objects(Session session, StoredShare share, String schema, String table)
      throws SQLException {
    return session.list(
        OBJECTS
            + "WHERE o.share_id = ? AND o.schema_key = ? AND o.table_key IN ('', ?)"
            + " ORDER BY o.table_key DESC",
        ShareStore::object,
        share.id(),
        Names.key(schema),
        Names.key(table));
  }

  public void add(Session session, StoredShare share, StoredObject object) throws SQLException {
    session.update(
        "INSERT INTO data_objects (id, share_id, type, name, schema_name, schema_key, table_name,"
            + " table_key, location, comment, history_shared, start_version, added_at, added_by)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        object.id(),
        share.id(),
        object.type().name(),
        object.name(),
        object.schema(),
        Names.key(object.schema()),
        object.table(),
        Names.key(object.table()),
        object.location().toString(),
        object.comment().orElse(null),
        object.historyShared(),
        object.startVersion(),
        object.addedAt().toEpochMilli(),
        object.addedBy());
  }

  /** Whether there was such an object. */
  public boolean remove(Session session, StoredObject object) throws SQLException {
    return session.update("DELETE FROM data_objects WHERE id = ?", object.id()) == 1;
  }

  static StoredShare share(ResultSet row) throws SQLException {
    Map<String, String> properties = JsonText.map(row.getString("properties"));
    return new StoredShare(
        row.getString("id"),
        row.getString("name"),
        new ShareDetails(
            Optional.of(row.getString("id")),
            Optional.ofNullable(row.getString("display_name")),
            Optional.ofNullable(row.getString("comment")),
            properties),
        row.getString("owner"),
        Provenance.of(row));
  }

  private static StoredObject object(ResultSet row) throws SQLException {
    return new StoredObject(
        row.getString("id"),
        StoredObject.Type.valueOf(row.getString("type")),
        row.getString("name"),
        row.getString("schema_name"),
        row.getString("table_name"),
        URI.create(row.getString("location")),
        Optional.ofNullable(row.getString("comment")),
        row.getBoolean("history_shared"),
        row.getLong("start_version"),
        Instant.ofEpochMilli(row.getLong("added_at")),
        row.getString("added_by"));
  }
}
