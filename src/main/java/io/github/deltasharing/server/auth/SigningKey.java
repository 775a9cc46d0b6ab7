/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs URLs and tokens with HMAC-SHA256, and verifies them when a client sends them back. What a
 * random key signed is invalid after a restart; a configured key stays valid. Nothing here prints
 * the key. Immutable, safe for use by several threads.
 */
public final class SigningKey implements Signer {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 32;

  private final SecretKeySpec key;

  private SigningKey(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /** A key of this process alone. */
  public static SigningKey random() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return new SigningKey(random);
  }

  /** A key that is configured: long and random; the caller checks that. */
  public static SigningKey of(String secret) {
    return new SigningKey(secret.getBytes(StandardCharsets.UTF_8));
  }

  /** A key whose signatures nobody makes or verifies who has not both secrets. */
  public static SigningKey derived(String outer, String inner) {
    return of(of(outer).sign("key", inner));
  }

  @Override
  public String sign(String purpose, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(purpose.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JVM has no " + ALGORITHM, e);
    }
  }

  @Override
  public boolean verify(String purpose, String text, String signature) {
    return SecretToken.isSame(sign(purpose, text), signature);
  }
}
