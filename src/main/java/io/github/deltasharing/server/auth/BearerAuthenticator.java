/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.auth;

import java.util.HexFormat;
import java.util.Optional;
import org.eclipse.jetty.server.Request;

/**
 * Checks the bearer token, in a time that does not depend on where it differs. Another one may be
 * taken while the server runs. Safe for use by several threads.
 */
public final class BearerAuthenticator implements Authenticator {
  private static final int FINGERPRINT_BYTES = 6;

  private volatile Optional<byte[]> tokenHash;

  public BearerAuthenticator(Optional<String> token) {
    replace(token);
  }

  /** Takes this token from now on, and no other. */
  public void replace(Optional<String> token) {
    tokenHash = token.map(SecretToken::digest);
  }

  /** Whether there is no token. */
  public boolean isOpen() {
    return tokenHash.isEmpty();
  }

  /** Who has the token, if there is one. */
  public Optional<Principal> holder() {
    return tokenHash.map(BearerAuthenticator::principal);
  }

  /**
   * The principal of the request's token, by a fingerprint of it; {@link Principal#ANONYMOUS} when
   * the server needs none.
   */
  @Override
  public Principal authenticate(Request request) {
    Optional<byte[]> expected = tokenHash;
    if (expected.isEmpty()) {
      return Principal.ANONYMOUS;
    }
    return find(BearerHeader.require(request), expected).orElseThrow(BearerHeader::refused);
  }

  /** The principal of a token, if it is the configured one. */
  public Optional<Principal> find(String token) {
    return find(token, tokenHash);
  }

  private static Optional<Principal> find(String token, Optional<byte[]> hash) {
    byte[] given = SecretToken.digest(token);
    // Hashes have one length, and comparing them says nothing about the token.
    return hash.filter(expected -> SecretToken.isSame(given, expected))
        .map(BearerAuthenticator::principal);
  }

  private static Principal principal(byte[] hash) {
    return new Principal(HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES));
  }
}
