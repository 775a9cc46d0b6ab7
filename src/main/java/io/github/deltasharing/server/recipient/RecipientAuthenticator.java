/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.recipient;

import io.github.deltasharing.server.auth.Authenticator;
import io.github.deltasharing.server.auth.BearerAuthenticator;
import io.github.deltasharing.server.auth.BearerHeader;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.auth.SecretToken;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.StoredRecipient;
import io.github.deltasharing.server.store.TokenStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows recipients by their tokens, which the database is asked for with each request: what is
 * revoked is refused at once. The configuration's token, if there is one, is taken as ever, and
 * without the database. Safe for use by several threads.
 */
public final class RecipientAuthenticator implements Authenticator {
  private static final Logger LOG = LoggerFactory.getLogger(RecipientAuthenticator.class);
  private static final Duration USE_NOTED_EVERY = Duration.ofMinutes(1);

  private final Database database;
  private final TokenStore tokens = new TokenStore();
  private final OidcRecipients oidc;
  private final BearerAuthenticator configured;
  private final boolean anonymousAllowed;
  private final ClientAddress addresses;
  private final Clock clock;

  /**
   * Creates the authenticator.
   *
   * @param oidc knows recipients by tokens of others
   * @param configured knows the configuration's token
   * @param anonymousAllowed whether a request without a token is anonymous, where the configuration
   *     has no token
   */
  public RecipientAuthenticator(
      Database database,
      OidcRecipients oidc,
      BearerAuthenticator configured,
      boolean anonymousAllowed,
      ClientAddress addresses,
      Clock clock) {
    this.database = database;
    this.oidc = oidc;
    this.configured = configured;
    this.anonymousAllowed = anonymousAllowed;
    this.addresses = addresses;
    this.clock = clock;
  }

  @Override
  public Principal authenticate(Request request) {
    if (anonymousAllowed && configured.isOpen() && BearerHeader.find(request).isEmpty()) {
      return Principal.ANONYMOUS;
    }
    String token = BearerHeader.require(request);
    return configured.find(token).orElseGet(() -> recipient(token, request));
  }

  private Principal recipient(String token, Request request) {
    Optional<StoredRecipient> known = oidc.find(token);
    StoredRecipient recipient = known.isPresent() ? known.get() : ownToken(token);
    Principal principal = RecipientKey.of(recipient).principal();
    RequestContext.of(request).sender(principal, recipient.name());
    IpAccessList networks = IpAccessList.of(recipient.ipAccessList());
    if (!networks.permits(addresses.of(request))) {
      throw ServerError.forbidden(
          "This token is not taken from your network. Ask the provider to add your address to its"
              + " access list");
    }
    return principal;
  }

  /** Whose a token is that this server made. */
  private StoredRecipient ownToken(String token) {
    String hash = SecretToken.hash(token);
    Instant now = clock.instant();
    TokenStore.Sender sender =
        database
            .read(session -> tokens.find(session, hash, now))
            .filter(found -> SecretToken.isSame(found.tokenHash(), hash))
            .orElseThrow(BearerHeader::refused);
    noteUse(sender, now);
    return sender.recipient();
  }

  /** Not each time, and never a reason to refuse. */
  private void noteUse(TokenStore.Sender sender, Instant now) {
    Optional<Instant> last = sender.lastUsedAt();
    if (last.isPresent()
        && Duration.between(last.get(), now).abs().compareTo(USE_NOTED_EVERY) < 0) {
      return;
    }
    try {
      database.write(
          session -> {
            tokens.noteUse(session, sender.tokenId(), now);
            return null;
          });
    } catch (RuntimeException e) {
      LOG.warn("The use of a token could not be noted: {}", e.getMessage());
    }
  }
}
