package io.github.deltasharing.client.auth;

import io.github.deltasharing.error.ProfileErrors;
import java.time.Instant;
import java.util.List;

/**
 * What a recipient proves with who it is, one class for each kind that a profile may hold. A
 * secret: driver only, never serialised, never printed. Immutable.
 */
public sealed interface Credential permits BearerToken {
  /** When it expires; null for never, or where that is not known. */
  Instant expirationTime();

  /** What tells its holder from others: a secret. */
  String identity();

  /** What must not show in any text: all of it that is sent, or proves anything by itself. */
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
