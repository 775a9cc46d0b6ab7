/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Signs requests to one bucket of Google Cloud Storage by its V4 process with a service account's
 * RSA key. A signature takes a core about a millisecond. Immutable, safe for use by several
 * threads.
 */
public final class GcsPresigner {
  private final GcsServiceAccount account;
  private final StoreEndpoint endpoint;
  private final String bucket;

  /** Creates the presigner; the names are checked, nothing is sent. */
  public GcsPresigner(GcsServiceAccount account, StoreEndpoint endpoint, String bucket) {
    this.account = account;
    this.endpoint = endpoint;
    this.bucket = bucket;
    endpoint.isInPath(bucket);
  }

  /**
   * What signs URLs that are valid from now on, for one thread.
   *
   * @param lifetime 7 days at most count
   */
  public V4Signer start(Instant now, Duration lifetime) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(account.privateKey());
      return new V4Signer(
          V4Dialect.GOOGLE,
          new V4Signer.Place(endpoint, bucket, "auto", "storage"),
          account.email(),
          Optional.empty(),
          SigningPeriod.of(now, lifetime, Optional.empty()),
          text -> {
            signature.update(text);
            return signature.sign();
          });
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The key of " + account + " does not sign", e);
    }
  }

  @Override
  public String toString() {
    return "GcsPresigner[" + endpoint + ", " + bucket + ", " + account + "]";
  }
}
