/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.recipient;

import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.auth.SecretToken;
import io.github.deltasharing.server.store.Change;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.RecipientStore;
import io.github.deltasharing.server.store.Session;
import io.github.deltasharing.server.store.StoredRecipient;
import io.github.deltasharing.server.store.StoredToken;
import io.github.deltasharing.server.store.TokenStore;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Gives recipients their tokens: an activation link first, which is opened once, and the token when
 * it is. Neither is stored. Safe for use by several threads.
 */
public final class RecipientTokens {
  /**
   * A link to hand over.
   *
   * @param token what is stored of it
   * @param activation the link's secret, which is nowhere else
   */
  public record Issued(StoredToken token, String activation) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Issued[" + token.id() + "]";
    }
  }

  /**
   * An activated token.
   *
   * @param token the token, which is nowhere else
   * @param expiresAt until when it is taken
   */
  public record Activated(String token, Instant expiresAt) {
    /** Without the token. */
    @Override
    public String toString() {
      return "Activated[" + expiresAt + "]";
    }
  }

  /**
   * A recipient.
   *
   * @param principal who it is to the server
   * @param name how the provider calls it
   */
  public record RecipientId(Principal principal, String name) {}

  private final Database database;
  private final TokenStore tokens = new TokenStore();
  private final RecipientStore recipients = new RecipientStore();
  private final Duration linkLifetime;
  private final Clock clock;

  public RecipientTokens(Database database, Duration linkLifetime, Clock clock) {
    this.database = database;
    this.linkLifetime = linkLifetime;
    this.clock = clock;
  }

  /** A recipient's token beside those that it has. */
  public Issued issue(Session session, StoredRecipient recipient, Duration lifetime, Change change)
      throws SQLException {
    String activation = SecretToken.mint();
    Instant expires = change.at().plus(lifetime);
    Instant linkExpires = change.at().plus(linkLifetime);
    StoredToken token =
        tokens.issue(
            session,
            recipient,
            new TokenStore.Pending(
                SecretToken.hash(activation),
                linkExpires.isBefore(expires) ? linkExpires : expires,
                expires),
            change);
    return new Issued(token, activation);
  }

  /**
   * A recipient's token in the place of those that it has.
   *
   * @param grace how long the others are taken; none ends them, and all that was issued by them
   */
  public Issued rotate(
      Session session, StoredRecipient recipient, Duration grace, Duration lifetime, Change change)
      throws SQLException {
    tokens.supersede(session, recipient, change.at().plus(grace), change);
    if (grace.isZero()) {
      recipients.endWhatWasIssued(session, recipient);
    }
    return issue(session, recipient, lifetime, change);
  }

  /** Whose an activation link is or was, opened or not. */
  public Optional<RecipientId> recipient(String activation) {
    return database
        .read(session -> tokens.recipient(session, SecretToken.hash(activation)))
        .map(found -> new RecipientId(RecipientKey.of(found).principal(), found.name()));
  }

  /** The token that an activation link will give; empty if it is none, was opened or is old. */
  public Optional<StoredToken> pending(String activation) {
    return database.read(
        session -> tokens.pending(session, SecretToken.hash(activation), clock.instant()));
  }

  /** Opens an activation link; empty if it is none, was opened or is old. */
  public Optional<Activated> activate(String activation) {
    String token = SecretToken.mint();
    return database
        .write(
            session ->
                tokens.activate(
                    session,
                    SecretToken.hash(activation),
                    SecretToken.hash(token),
                    clock.instant()))
        .map(expires -> new Activated(token, expires));
  }
}
