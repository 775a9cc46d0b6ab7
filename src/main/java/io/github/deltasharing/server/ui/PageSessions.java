/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.ui;

import io.github.deltasharing.server.admin.AdminAuthenticator;
import io.github.deltasharing.server.auth.SecretToken;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.SignInStore;
import io.github.deltasharing.server.store.SignInStore.SignedIn;
import io.github.deltasharing.server.store.StoredPrincipal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of principals at the page, in the database: any server that uses it knows them. One
 * ends when it is not used for half an hour, after half a day, and at once with the token that it
 * was made by. Safe for use by several threads.
 */
final class PageSessions {
  static final Duration IDLE = Duration.ofMinutes(30);
  private static final Duration LONGEST = Duration.ofHours(12);
  private static final Duration USE_NOTED_EVERY = Duration.ofMinutes(1);

  /** What clocks of servers may differ by. */
  private static final Duration SKEW = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(PageSessions.class);

  private final Database database;
  private final AdminAuthenticator tokens;
  private final SignInStore store = new SignInStore();
  private final Clock clock;

  PageSessions(Database database, AdminAuthenticator tokens, Clock clock) {
    this.database = database;
    this.tokens = tokens;
    this.clock = clock;
  }

  /**
   * A session that was made.
   *
   * @param id its secret, which is nowhere else
   * @param signedIn whose it is
   */
  record Made(String id, SignedIn signedIn) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Made[" + signedIn.principal().name() + "]";
    }
  }

  /**
   * Signs a principal in by its token.
   *
   * @throws io.github.deltasharing.server.error.ServerError 401 if it is nobody's
   */
  Made signIn(String token) {
    StoredPrincipal principal = tokens.authenticate(token);
    String id = SecretToken.mint();
    Instant now = clock.instant();
    Instant expires = now.plus(LONGEST);
    database.write(
        session -> {
          store.create(session, principal, SecretToken.hash(id), now, expires, IDLE);
          return null;
        });
    return new Made(id, new SignedIn(principal, now, expires));
  }

  /** Whose a session is, by its secret. */
  Optional<SignedIn> find(String id) {
    String hash = SecretToken.hash(id);
    Instant now = clock.instant();
    // One that was made while the clock was ahead does not last until it gets there.
    Optional<SignedIn> found =
        database
            .read(session -> store.find(session, hash, now, IDLE))
            .filter(one -> !one.expiresAt().isAfter(now.plus(LONGEST).plus(SKEW)));
    found.filter(one -> isLongAgo(one.lastUsedAt(), now)).ifPresent(one -> noteUse(hash, now));
    return found;
  }

  /** Of a time to come too: a clock that was set back does not make a session last longer. */
  private static boolean isLongAgo(Instant use, Instant now) {
    return Duration.between(use, now).abs().compareTo(USE_NOTED_EVERY) >= 0;
  }

  /** Never a reason to refuse. */
  private void noteUse(String hash, Instant now) {
    try {
      database.write(
          session -> {
            store.noteUse(session, hash, now);
            return null;
          });
    } catch (RuntimeException e) {
      LOG.warn("The use of a session could not be noted: {}", e.getMessage());
    }
  }

  void end(String id) {
    database.write(
        session -> {
          store.delete(session, SecretToken.hash(id));
          return null;
        });
  }

  /** What a page sends with each change: it cannot be read from the session's cookie elsewhere. */
  static String csrfToken(String id) {
    return SecretToken.hash("csrf " + id);
  }
}
