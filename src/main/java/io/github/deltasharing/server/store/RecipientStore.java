/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import io.github.deltasharing.server.error.ServerError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Recipients. Stateless: each call works on the session that it is given. */
public final class RecipientStore {

  public StoredRecipient create(
      Session session, String name, StoredRecipient.Details details, Change change)
      throws SQLException {
    session.update(
        "INSERT INTO recipients (id, name, name_key, comment, properties, ip_access_list, oidc_issuer,"
            + " oidc_audiences, oidc_subject_claim, oidc_subject, epoch, owner, version, created_at, created_by, updated_at, updated_by)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, 1, ?, ?, ?, ?)",
        UUID.randomUUID().toString(),
        name,
        Names.key(name),
        details.comment().orElse(null),
        JsonText.of(details.properties()),
        JsonText.of(details.ipAccessList()),
        issuer(details),
        audiences(details),
        subjectClaim(details),
        subject(details),
        details.owner(),
        change.millis(),
        change.by(),
        change.millis(),
        change.by());
    return require(session, name);
  }

  public Page<StoredRecipient> page(Session session, Page.Of page) throws SQLException {
    List<StoredRecipient> recipients =
        session.list(
            "SELECT * FROM recipients WHERE name_key > ? ORDER BY name_key LIMIT ?",
            RecipientStore::recipient,
            page.after(),
            page.size() + 1);
    return Page.of(recipients, page.size(), StoredRecipient::name);
  }

  /** The name of a recipient. */
  public Optional<String> name(Session session, String id) throws SQLException {
    return session.first("SELECT name FROM recipients WHERE id = ?", row -> row.getString(1), id);
  }

  /** A recipient, or a {@link ServerError} 404. */
  public StoredRecipient require(Session session, String name) throws SQLException {
    return one(session, name, "");
  }

  /** A recipient that nobody else changes until the transaction's end, or 404. */
  public StoredRecipient lock(Session session, String name) throws SQLException {
    return one(session, name, " FOR UPDATE");
  }

  private static StoredRecipient one(Session session, String name, String mode)
      throws SQLException {
    return session
        .first(
            "SELECT * FROM recipients WHERE name_key = ?" + mode,
            RecipientStore::recipient,
            Names.key(name))
        .orElseThrow(() -> ServerError.notFound("There is no recipient '" + name + "'"));
  }

  public void update(
      Session session, StoredRecipient recipient, StoredRecipient.Details details, Change change)
      throws SQLException {
    session.update(
        "UPDATE recipients SET comment = ?, properties = ?, ip_access_list = ?, oidc_issuer = ?,"
            + " oidc_audiences = ?, oidc_subject_claim = ?, oidc_subject = ?, owner = ?,"
            + " version = version + 1, updated_at = ?, updated_by = ? WHERE id = ?",
        details.comment().orElse(null),
        JsonText.of(details.properties()),
        JsonText.of(details.ipAccessList()),
        issuer(details),
        audiences(details),
        subjectClaim(details),
        subject(details),
        details.owner(),
        change.millis(),
        change.by(),
        recipient.id());
    if (!details.oidc().equals(recipient.oidc())) {
      endWhatWasIssued(session, recipient);
    }
  }

  private static String issuer(StoredRecipient.Details details) {
    return details.oidc().map(OidcPolicy::issuer).orElse(null);
  }

  private static String audiences(StoredRecipient.Details details) {
    return details.oidc().map(policy -> JsonText.of(policy.audiences())).orElse(null);
  }

  private static String subjectClaim(StoredRecipient.Details details) {
    return details.oidc().map(OidcPolicy::subjectClaim).orElse(null);
  }

  private static String subject(StoredRecipient.Details details) {
    return details.oidc().map(OidcPolicy::subject).orElse(null);
  }

  /** The claims by which recipients of an issuer are known. */
  public List<String> subjectClaims(Session session, String issuer) throws SQLException {
    return session.list(
        "SELECT DISTINCT oidc_subject_claim FROM recipients WHERE oidc_issuer = ?",
        row -> row.getString(1),
        issuer);
  }

  /** The recipient that an issuer's claim names. */
  public Optional<StoredRecipient> find(
      Session session, String issuer, String claim, String subject) throws SQLException {
    return session.first(
        "SELECT * FROM recipients WHERE oidc_issuer = ? AND oidc_subject_claim = ?"
            + " AND oidc_subject = ?",
        RecipientStore::recipient,
        issuer,
        claim,
        subject);
  }

  /** Ends URLs of files, page and refresh tokens that were issued to a recipient. */
  public void endWhatWasIssued(Session session, StoredRecipient recipient) throws SQLException {
    session.update("UPDATE recipients SET epoch = epoch + 1 WHERE id = ?", recipient.id());
  }

  /** Deletes a recipient, its tokens and what was granted to it. */
  public void delete(Session session, StoredRecipient recipient) throws SQLException {
    session.update("DELETE FROM recipients WHERE id = ?", recipient.id());
  }

  private static Optional<OidcPolicy> policy(ResultSet row) throws SQLException {
    String issuer = row.getString("oidc_issuer");
    return issuer == null
        ? Optional.empty()
        : Optional.of(
            new OidcPolicy(
                issuer,
                JsonText.list(row.getString("oidc_audiences")),
                row.getString("oidc_subject_claim"),
                row.getString("oidc_subject")));
  }

  static StoredRecipient recipient(ResultSet row) throws SQLException {
    return new StoredRecipient(
        row.getString("id"),
        row.getString("name"),
        Optional.ofNullable(row.getString("comment")),
        JsonText.map(row.getString("properties")),
        JsonText.list(row.getString("ip_access_list")),
        policy(row),
        row.getLong("epoch"),
        row.getString("owner"),
        Provenance.of(row));
  }
}
