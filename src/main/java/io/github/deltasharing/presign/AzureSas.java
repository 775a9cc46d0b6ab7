/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs shared access signatures for one container ("Create a service SAS" and "Create a user
 * delegation SAS" of Azure's REST reference, of one pinned version). Immutable, safe for use by
 * several threads; what {@link #start} gives is not.
 */
public final class AzureSas {
  /** The last version whose texts to sign are the same for all that is signed here. */
  static final String VERSION = "2020-12-06";

  private final AzureContainer container;
  private final AzureSigningKey key;

  /** Creates what signs; key and container must be of the same account. */
  public AzureSas(AzureContainer container, AzureSigningKey key) {
    if (!container.account().equals(key.account())) {
      throw new IllegalArgumentException(
          "A key of account %s cannot sign for account %s"
              .formatted(key.account(), container.account()));
    }
    this.container = container;
    this.key = key;
  }

  /**
   * What signs signatures that are valid from now on, for one thread.
   *
   * @param lifetime at most 7 days, and the key's own end, count: {@link AzureSasSigner#expiry}
   *     says what came of it
   * @throws IllegalStateException when the key has ended
   */
  public AzureSasSigner start(Instant now, Duration lifetime) {
    SigningPeriod period = SigningPeriod.of(now, lifetime, key.end());
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(decode(key.value()), "HmacSHA256"));
      return new AzureSasSigner(container, key, period.end(), mac);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JVM has no HmacSHA256", e);
    }
  }

  /** The bytes of a key; the message of what is thrown says nothing of it. */
  static byte[] decode(String key) {
    try {
      byte[] bytes = Base64.getDecoder().decode(key);
      if (bytes.length > 0) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Said below, without the cause, which has parts of the key.
    }
    throw new IllegalArgumentException("A key of an Azure storage account must be Base64");
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "AzureSas[" + container + ", " + key + "]";
  }
}
