/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.recipient;

import io.github.deltasharing.server.auth.BearerHeader;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.oidc.OidcClaims;
import io.github.deltasharing.server.oidc.OidcVerifier;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.OidcPolicy;
import io.github.deltasharing.server.store.RecipientStore;
import io.github.deltasharing.server.store.StoredRecipient;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Knows recipients by the tokens of their own identity providers, and by the policies in the
 * database, which is asked with each request. Safe for use by several threads.
 */
public final class OidcRecipients {
  private final Database database;
  private final RecipientStore store = new RecipientStore();
  private final OidcVerifier verifier;

  public OidcRecipients(Database database, OidcVerifier verifier) {
    this.database = database;
    this.verifier = verifier;
  }

  /**
   * Whose a token is.
   *
   * @return empty if it is not one of an issuer that is trusted and has recipients
   * @throws ServerError 401 if it is not valid, or no recipient's
   */
  Optional<StoredRecipient> find(String token) {
    Optional<String> issuer = verifier.issuer(token);
    if (issuer.isEmpty()) {
      return Optional.empty();
    }
    List<String> names = database.read(session -> store.subjectClaims(session, issuer.get()));
    if (names.isEmpty()) {
      return Optional.empty();
    }
    OidcClaims claims = verifier.verify(token);
    Collection<StoredRecipient> found = recipients(claims, names);
    if (found.size() > 1) {
      throw ServerError.forbidden(
          "This token is that of more than one recipient. Ask the provider to change one of them");
    }
    return Optional.of(found.stream().findFirst().orElseThrow(BearerHeader::refused));
  }

  private Collection<StoredRecipient> recipients(OidcClaims claims, List<String> names) {
    return database.read(
        session -> {
          Map<String, StoredRecipient> found = new TreeMap<>();
          for (String name : names) {
            for (String value : claims.values(name)) {
              store
                  .find(session, claims.issuer(), name, value)
                  .filter(
                      one ->
                          one.oidc().map(OidcPolicy::audiences).filter(claims::isFor).isPresent())
                  .ifPresent(one -> found.put(one.id(), one));
            }
          }
          return found.values();
        });
  }
}
