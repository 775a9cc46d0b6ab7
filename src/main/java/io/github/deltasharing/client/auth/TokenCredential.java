/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import java.net.URI;
import java.time.Instant;

/** A credential that is exchanged for access tokens, which live shorter. Immutable. */
sealed interface TokenCredential extends Credential
    permits ClientCredentials, PrivateKeyJwt, TokenFile, AzureIdentity, GcpIdentity {
  /**
   * Gets a token.
   *
   * @param origin the profile, for messages
   * @throws io.github.deltasharing.error.SharingException if there is none: a {@link
   *     io.github.deltasharing.error.TransientSharingException} where another try may get one
   */
  AccessToken exchange(String origin, TokenRequests requests);

  /**
   * Where a token is sent by which this machine, not the profile, proves what it is; null for
   * nowhere.
   */
  default URI showsMachineTo() {
    return null;
  }

  /** All that decides which token it gets: a secret. */
  @Override
  String key();

  /** Unknown: the profile says nothing, and its tokens are replaced. */
  @Override
  default Instant expirationTime() {
    return null;
  }
}
