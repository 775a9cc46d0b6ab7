/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A key that Azure gave to somebody who signed in ("Get User Delegation Key"). Immutable.
 *
 * @param account the storage account that gave it
 * @param objectId who got it
 * @param tenantId the directory of who got it
 * @param start from when on it is valid, in whole seconds
 * @param expiry until when, in whole seconds; Azure ends what the key signed then, too
 * @param service what for: {@code b} for blobs
 * @param version that of the API which gave it
 * @param value in Base64; a secret
 */
public record UserDelegationKey(
    String account,
    String objectId,
    String tenantId,
    Instant start,
    Instant expiry,
    String service,
    String version,
    String value)
    implements AzureSigningKey {
  public UserDelegationKey {
    AzureContainer.checkAccount(account);
    AzureSas.decode(value);
    start = start.truncatedTo(ChronoUnit.SECONDS);
    expiry = expiry.truncatedTo(ChronoUnit.SECONDS);
  }

  @Override
  public Optional<Instant> end() {
    return Optional.of(expiry);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "UserDelegationKey[" + account + ", " + start + " to " + expiry + "]";
  }
}
