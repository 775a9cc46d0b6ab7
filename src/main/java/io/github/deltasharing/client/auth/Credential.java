/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import io.github.deltasharing.error.ProfileErrors;
import java.time.Instant;
import java.util.List;

/**
 * How a recipient proves its identity: one class for each type of profile. A secret: driver only,
 * never serialised, never printed. Immutable.
 */
public sealed interface Credential permits BearerToken, BasicLogin, TokenCredential {
  /** What a profile's {@code type} may be. */
  String TYPES =
      String.join(
          ", ",
          BearerToken.TYPE,
          ClientCredentials.TYPE,
          PrivateKeyJwt.TYPE,
          BasicLogin.TYPE,
          TokenFile.TYPE,
          AzureIdentity.TYPE,
          GcpIdentity.TYPE);

  /** When it expires; null for never, or where that is not known. */
  Instant expirationTime();

  /**
   * Identifies the recipient among others of the server, from when the server took the credential:
   * a secret. It outlives tokens that are replaced.
   *
   * @param token that requests were signed in with; null for none
   */
  String identity(AccessToken token);

  /** All that decides whether the credential is another one: a secret. */
  default String key() {
    return identity(null);
  }

  /** The value of the header Authorization: a secret. */
  default String authorization(AccessToken token) {
    return "Bearer " + token.value();
  }

  /** What the header's value is made of, as messages name it. */
  default String sentField() {
    return "access token";
  }

  /**
   * The strings that have to be masked in messages and logs: whatever is sent, or grants access by
   * itself.
   */
  List<String> secrets();

  /**
   * The credential of a profile.
   *
   * @param type as the profile names it, in lower case
   * @throws IllegalArgumentException if it is of another type, or lacks a field
   */
  static Credential of(String type, ProfileFields profile) {
    return switch (type) {
      case BearerToken.TYPE -> BearerToken.of(profile);
      case ClientCredentials.TYPE, ClientCredentials.LEGACY_TYPE -> ClientCredentials.of(profile);
      case PrivateKeyJwt.TYPE -> PrivateKeyJwt.of(profile);
      case BasicLogin.TYPE -> BasicLogin.of(profile);
      case TokenFile.TYPE -> TokenFile.of(profile);
      case AzureIdentity.TYPE -> AzureIdentity.of(profile, System::getenv);
      case GcpIdentity.TYPE -> GcpIdentity.of(profile);
      default -> throw ProfileErrors.profileType(profile.origin(), type, TYPES);
    };
  }
}
