/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import io.github.deltasharing.server.auth.BearerHeader;
import io.github.deltasharing.server.auth.SecretToken;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.PrincipalStore;
import io.github.deltasharing.server.store.StoredPrincipal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows principals by their tokens, which the database is asked for with each request. Safe for use
 * by several threads.
 */
public final class AdminAuthenticator implements AdminSignIn {
  private static final Logger LOG = LoggerFactory.getLogger(AdminAuthenticator.class);
  private static final Duration USE_NOTED_EVERY = Duration.ofMinutes(1);

  private final Database database;
  private final PrincipalStore store = new PrincipalStore();
  private final Clock clock;

  public AdminAuthenticator(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public StoredPrincipal authenticate(Request request) {
    return authenticate(BearerHeader.require(request));
  }

  /** Whose a token is, or a {@link io.github.deltasharing.server.error.ServerError} 401. */
  public StoredPrincipal authenticate(String token) {
    String hash = SecretToken.hash(token);
    StoredPrincipal principal =
        database
            .read(session -> store.find(session, hash))
            .filter(found -> SecretToken.isSame(found.tokenHash(), hash))
            .orElseThrow(BearerHeader::refused);
    Instant now = clock.instant();
    Optional<Instant> last = principal.lastUsedAt();
    if (last.isEmpty() || Duration.between(last.get(), now).abs().compareTo(USE_NOTED_EVERY) >= 0) {
      noteUse(principal, now);
    }
    return principal;
  }

  private void noteUse(StoredPrincipal principal, Instant now) {
    try {
      database.write(
          session -> {
            store.noteUse(session, principal, now);
            return null;
          });
    } catch (RuntimeException e) {
      LOG.warn("The use of a token could not be noted: {}", e.getMessage());
    }
  }
}
