package io.github.deltasharing.client;

import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.error.SharingException;
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

  /** The profile as it was last read: for messages, not for signing in. */
  synchronized Profile last() {
    return profile;
  }

  /**
   * The profile to send a request with: endpoint and token of one reading, so that no token goes to
   * another profile's server. An expired one is read once more, in case it was rotated.
   *
   * @throws io.github.deltasharing.error.SharingException if it is expired all the same
   */
  synchronized Profile current() {
    RuntimeException unread = null;
    if (isExpired()) {
      try {
        profile = source.load();
      } catch (RuntimeException e) {
        unread = e;
      }
    }
    if (isExpired()) {
      SharingException expired =
          ProfileErrors.profileExpired(profile.origin(), profile.expirationTime());
      if (unread != null) {
        expired.addSuppressed(unread);
      }
      throw expired;
    }
    return profile;
  }

  /**
   * Reads the profile again after the server refused {@code refused}, unless another thread has;
   * true if there is another endpoint or token now.
   */
  synchronized boolean renew(Profile refused) {
    if (isSame(refused)) {
      profile = source.load();
    }
    return !isSame(refused);
  }

  private boolean isSame(Profile other) {
    return profile.bearerToken().equals(other.bearerToken())
        && profile.endpoint().equals(other.endpoint());
  }

  private boolean isExpired() {
    return profile.expirationTime() != null && !profile.expirationTime().isAfter(clock.instant());
  }
}
