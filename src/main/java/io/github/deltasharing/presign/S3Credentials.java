/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import java.time.Instant;
import java.util.Optional;

/**
 * A key of S3's, and the token and end of one that is temporary. Immutable.
 *
 * @param accessKeyId not a secret
 * @param secretAccessKey a secret
 * @param sessionToken a secret, empty for a key of a user
 * @param expiry when it ends, if that is known
 */
public record S3Credentials(
    String accessKeyId,
    String secretAccessKey,
    Optional<String> sessionToken,
    Optional<Instant> expiry) {

  public S3Credentials {
    check("access key id", accessKeyId);
    check("secret access key", secretAccessKey);
    sessionToken.ifPresent(token -> check("session token", token));
  }

  /** A key that does not end. */
  public static S3Credentials permanent(String accessKeyId, String secretAccessKey) {
    return new S3Credentials(accessKeyId, secretAccessKey, Optional.empty(), Optional.empty());
  }

  private static void check(String what, String value) {
    if (value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
      throw new IllegalArgumentException(
          "An S3 credential's "
              + what
              + " is empty or has white space or other illegal characters");
    }
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "S3Credentials[accessKeyId="
        + accessKeyId
        + ", temporary="
        + sessionToken.isPresent()
        + ", expiry="
        + expiry.map(Instant::toString).orElse("none")
        + "]";
  }
}
