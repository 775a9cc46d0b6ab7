/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import java.time.Instant;
import java.util.Optional;

/**
 * A storage account's key. Immutable.
 *
 * @param value in Base64; a secret
 */
public record AzureAccountKey(String account, String value) implements AzureSigningKey {
  public AzureAccountKey {
    AzureContainer.checkAccount(account);
    AzureSas.decode(value);
  }

  @Override
  public Optional<Instant> end() {
    return Optional.empty();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "AzureAccountKey[" + account + "]";
  }
}
