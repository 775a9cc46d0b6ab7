/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Secrets of 256 random bits, and the SHA-256 by which they are known again: with that much chance
 * in them nobody finds one by its hash. Stateless.
 */
public final class SecretToken {
  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private SecretToken() {}

  /** A new secret, fit for URLs and headers. */
  public static String mint() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The hash of a secret, as it is stored. */
  public static String hash(String secret) {
    return HexFormat.of().formatHex(digest(secret));
  }

  /**
   * Whether two secrets, hashes or signatures are one; takes the same time wherever they differ.
   * The server compares them here and nowhere else.
   */
  public static boolean isSame(String secret, String other) {
    return isSame(secret.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /** As above, of bytes. */
  static boolean isSame(byte[] secret, byte[] other) {
    return MessageDigest.isEqual(secret, other);
  }

  static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JVM has no SHA-256", e);
    }
  }
}
