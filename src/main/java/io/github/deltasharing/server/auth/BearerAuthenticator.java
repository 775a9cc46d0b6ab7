/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.auth;

import io.github.deltasharing.server.error.ServerError;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Checks the bearer token, in a time that does not depend on where it differs. Immutable, safe for
 * use by several threads.
 */
public final class BearerAuthenticator implements Authenticator {
  private static final String SCHEME = "bearer ";
  private static final int FINGERPRINT_BYTES = 6;

  private final Optional<byte[]> tokenHash;

  public BearerAuthenticator(Optional<String> token) {
    this.tokenHash = token.map(BearerAuthenticator::hash);
  }

  /**
   * The principal of the request's token, by a fingerprint of it; {@link Principal#ANONYMOUS} when
   * the server needs none.
   */
  @Override
  public Principal authenticate(Request request) {
    if (tokenHash.isEmpty()) {
      return Principal.ANONYMOUS;
    }
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new ServerError(
          401,
          ServerError.UNAUTHENTICATED,
          "The request has no bearer token. Send 'Authorization: Bearer <token>'");
    }
    byte[] given = hash(header.substring(SCHEME.length()).trim());
    // Hashes have one length, and comparing them says nothing about the token.
    if (!MessageDigest.isEqual(given, tokenHash.get())) {
      throw new ServerError(
          401,
          ServerError.UNAUTHENTICATED,
          "The bearer token is not valid. Ask the provider for a new one");
    }
    return new Principal(HexFormat.of().formatHex(given, 0, FINGERPRINT_BYTES));
  }

  private static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JVM has no SHA-256", e);
    }
  }
}
