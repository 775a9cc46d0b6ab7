/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Digests that identify secrets and do not reveal them, not even to a dictionary attack: their key
 * stays in this JVM. Stateless.
 */
final class KeyedDigest {
  private static final String ALGORITHM = "HmacSHA256";
  private static final byte[] KEY = new byte[32];

  static {
    new SecureRandom().nextBytes(KEY);
  }

  private KeyedDigest() {}

  /** In hexadecimal; equal for the same texts, of which each may be null, in one JVM. */
  public static String of(String... texts) {
    StringBuilder text = new StringBuilder();
    for (String part : texts) {
      text.append(part == null ? "-" : part.length() + ":" + part).append('\n');
    }
    return of(text.toString());
  }

  private static String of(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(KEY, ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Java has no " + ALGORITHM, e);
    }
  }
}
