/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import java.time.Instant;
import java.util.Optional;

/** What signs a SAS: the storage account's own key, or one of a user's for some days. */
public sealed interface AzureSigningKey permits AzureAccountKey, UserDelegationKey {
  /** The storage account. */
  String account();

  /** The HMAC key in Base64: a secret. */
  String value();

  /** When it ends, if it does. */
  Optional<Instant> end();
}
