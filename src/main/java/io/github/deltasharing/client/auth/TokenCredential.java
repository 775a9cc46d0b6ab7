/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import java.net.URI;
import java.time.Instant;
import java.util.List;

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
   * Where a token is sent by which this machine, not the profile, proves what it is, or one that it
   * was exchanged for; empty for nowhere.
   */
  default List<URI> showsMachineTo() {
    return List.of();
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
