/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/** The signatures of JSON web tokens (RFC 7518) that this JDK makes. */
enum JwtAlgorithm {
  RS256("RSA", "SHA256withRSA"),
  PS256("RSA", "RSASSA-PSS"),
  ES256("EC", "SHA256withECDSAinP1363Format");

  private static final int PSS_SALT_BYTES = 32;

  private final String keys;
  private final String signatures;

  JwtAlgorithm(String keys, String signatures) {
    this.keys = keys;
    this.signatures = signatures;
  }

  /** As Java names that of its keys. */
  String keyAlgorithm() {
    return keys;
  }

  Signature signature() throws GeneralSecurityException {
    Signature signature = Signature.getInstance(signatures);
    if (this == PS256) {
      signature.setParameter(
          new PSSParameterSpec(
              "SHA-256",
              "MGF1",
              MGF1ParameterSpec.SHA256,
              PSS_SALT_BYTES,
              PSSParameterSpec.TRAILER_FIELD_BC));
    }
    return signature;
  }
}
