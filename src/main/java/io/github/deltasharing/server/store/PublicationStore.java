/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.store.StoredPublication.SharedAs;
import io.github.deltasharing.server.store.StoredPublication.Upload;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Tables that were made of uploaded files. Stateless: each call works on the session that it is
 * given.
 */
public final class PublicationStore {
  private static final String PUBLICATIONS =
      "SELECT p.*, o.id AS shared_id, o.schema_name, o.table_name, s.name AS share_name"
          + " FROM publications p LEFT JOIN data_objects o ON o.id = p.object_id"
          + " LEFT JOIN shares s ON s.id = o.share_id WHERE ";

  /** Keeps a new publication. */
  public StoredPublication create(Session session, StoredPublication made, Change change)
      throws SQLException {
    Upload upload = made.upload();
    session.update(
        "INSERT INTO publications (id, name, name_key, comment, location, file_name, file_bytes,"
            + " file_format, row_count, set_aside, table_version, object_id, owner, version,"
            + " created_at, created_by, updated_at, updated_by)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)",
        made.id(),
        made.name(),
        Names.key(made.name()),
        made.comment().orElse(null),
        made.location().toString(),
        upload.fileName(),
        upload.bytes(),
        JsonText.of(upload.format()),
        upload.rows(),
        upload.setAside(),
        upload.tableVersion(),
        made.shared().map(SharedAs::objectId).orElse(null),
        made.owner(),
        change.millis(),
        change.by(),
        change.millis(),
        change.by());
    return require(session, made.name());
  }

  /** Keeps what the latest version of a table was made of. */
  public StoredPublication update(
      Session session, StoredPublication changed, Upload upload, Change change)
      throws SQLException {
    session.update(
        "UPDATE publications SET file_name = ?, file_bytes = ?, file_format = ?, row_count = ?,"
            + " set_aside = ?, table_version = ?, object_id = ?, version = version + 1,"
            + " updated_at = ?, updated_by = ? WHERE id = ?",
        upload.fileName(),
        upload.bytes(),
        JsonText.of(upload.format()),
        upload.rows(),
        upload.setAside(),
        upload.tableVersion(),
        changed.shared().map(SharedAs::objectId).orElse(null),
        change.millis(),
        change.by(),
        changed.id());
    return require(session, changed.name());
  }

  /** Puts right what the latest version of a table was made of: nobody changed it. */
  public StoredPublication record(Session session, StoredPublication behind, Upload upload)
      throws SQLException {
    session.update(
        "UPDATE publications SET file_name = ?, file_bytes = ?, file_format = ?, row_count = ?,"
            + " set_aside = ?, table_version = ?, version = version + 1 WHERE id = ?",
        upload.fileName(),
        upload.bytes(),
        JsonText.of(upload.format()),
        upload.rows(),
        upload.setAside(),
        upload.tableVersion(),
        behind.id());
    return require(session, behind.name());
  }

  /** Whether there is a publication of this id. */
  public boolean exists(Session session, String id) throws SQLException {
    return session
        .first("SELECT id FROM publications WHERE id = ?", row -> row.getString(1), id)
        .isPresent();
  }

  /** Keeps what a share holds of a publication. */
  public StoredPublication place(Session session, StoredPublication placed, String objectId)
      throws SQLException {
    session.update("UPDATE publications SET object_id = ? WHERE id = ?", objectId, placed.id());
    return require(session, placed.name());
  }

  public Page<StoredPublication> page(Session session, Page.Of page) throws SQLException {
    List<StoredPublication> publications =
        session.list(
            PUBLICATIONS + "p.name_key > ? ORDER BY p.name_key LIMIT ?",
            PublicationStore::publication,
            page.after(),
            page.size() + 1);
    return Page.of(publications, page.size(), StoredPublication::name);
  }

  public Optional<StoredPublication> find(Session session, String name) throws SQLException {
    return session.first(
        PUBLICATIONS + "p.name_key = ?", PublicationStore::publication, Names.key(name));
  }

  /** A publication, or a {@link ServerError} 404. */
  public StoredPublication require(Session session, String name) throws SQLException {
    return find(session, name).orElseThrow(() -> missing(name));
  }

  /** One that nobody else changes until the transaction's end, or a {@link ServerError} 404. */
  public StoredPublication lock(Session session, String name) throws SQLException {
    Optional<String> locked =
        session.first(
            "SELECT id FROM publications WHERE name_key = ? FOR UPDATE",
            row -> row.getString(1),
            Names.key(name));
    if (locked.isEmpty()) {
      throw missing(name);
    }
    return require(session, name);
  }

  private static ServerError missing(String name) {
    return ServerError.notFound("There is no publication '" + name + "'");
  }

  public void delete(Session session, StoredPublication publication) throws SQLException {
    session.update("DELETE FROM publications WHERE id = ?", publication.id());
  }

  private static StoredPublication publication(ResultSet row) throws SQLException {
    Optional<SharedAs> shared =
        row.getString("shared_id") == null
            ? Optional.empty()
            : Optional.of(
                new SharedAs(
                    row.getString("shared_id"),
                    row.getString("share_name"),
                    row.getString("schema_name"),
                    row.getString("table_name")));
    return new StoredPublication(
        row.getString("id"),
        row.getString("name"),
        Optional.ofNullable(row.getString("comment")),
        URI.create(row.getString("location")),
        new Upload(
            row.getString("file_name"),
            row.getLong("file_bytes"),
            JsonText.map(row.getString("file_format")),
            row.getLong("row_count"),
            row.getLong("set_aside"),
            row.getLong("table_version")),
        shared,
        row.getString("owner"),
        Provenance.of(row));
  }
}
