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
public sealed interface Credential permits BearerToken {
  /** When it expires; null for never, or where that is not known. */
  Instant expirationTime();

  /** Identifies the recipient among others of the server: a secret. */
  String identity();

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
      default -> throw ProfileErrors.profileType(profile.origin(), type);
    };
  }
}
