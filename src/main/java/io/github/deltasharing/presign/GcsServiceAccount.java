/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A service account of Google's with a private key. Immutable.
 *
 * @param email its name, {@code client_email} in its file
 * @param privateKey RSA; a secret
 */
public record GcsServiceAccount(String email, PrivateKey privateKey) {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  public GcsServiceAccount {
    if (email.isBlank()) {
      throw new IllegalArgumentException("A service account has no client_email");
    }
  }

  /**
   * Reads what an account's file says.
   *
   * @param pem {@code private_key}, PKCS#8 as PEM
   * @throws IllegalArgumentException when it is none
   */
  public static GcsServiceAccount of(String email, String pem) {
    Matcher key = PEM.matcher(pem);
    if (!key.find()) {
      throw unreadable(email);
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(key.group(1));
      return new GcsServiceAccount(
          email, KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Without the cause: who knows what of the key its message says.
      throw unreadable(email);
    }
  }

  private static IllegalArgumentException unreadable(String email) {
    return new IllegalArgumentException(
        "The private_key of service account " + email + " is no RSA key in PKCS#8 as PEM");
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "GcsServiceAccount[" + email + "]";
  }
}
