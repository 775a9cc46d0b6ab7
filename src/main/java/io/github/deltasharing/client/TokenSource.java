package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingErrors;
import java.net.URI;
import java.time.Clock;

/**
 * Holds the current credential of one profile and renews it on demand. Thread-safe. Lives on the
 * driver only.
 */
final class TokenSource {
  private final ProfileSource source;
  private final Clock clock;
  private Profile profile;

  TokenSource(ProfileSource source, Clock clock) {
    this.source = source;
    this.clock = clock;
    this.profile = source.load();
  }

  synchronized URI endpoint() {
    return profile.endpoint();
  }

  synchronized String origin() {
    return profile.origin();
  }

  /**
   * The token to send now. An expired profile is read once more, in case it was rotated.
   *
   * @throws io.github.deltasharing.error.SharingException if it is expired all the same
   */
  synchronized String token() {
    if (isExpired()) {
      profile = source.load();
    }
    if (isExpired()) {
      throw SharingErrors.profileExpired(profile.origin(), profile.expirationTime());
    }
    return profile.bearerToken();
  }

  /**
   * Reads the profile again after the server refused {@code refused}; true if the token is another
   * one now.
   */
  synchronized boolean renew(String refused) {
    if (profile.bearerToken().equals(refused)) {
      profile = source.load();
    }
    return !profile.bearerToken().equals(refused);
  }

  private boolean isExpired() {
    return profile.expirationTime() != null && !profile.expirationTime().isAfter(clock.instant());
  }
}
