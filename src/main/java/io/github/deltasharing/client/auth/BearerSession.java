/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.error.SharingException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Signs in with the bearer token of a profile, which is read again when the token expires and when
 * the server refuses it: profiles get rotated. Driver only; thread-safe.
 */
final class BearerSession implements AuthSession {
  private final Supplier<Login> source;
  private final Clock clock;
  private Login login;

  BearerSession(Supplier<Login> source, Clock clock) {
    this.source = source;
    this.clock = clock;
    this.login = source.get();
  }

  @Override
  public synchronized Login last() {
    return login;
  }

  @Override
  public synchronized Login login() {
    RuntimeException unread = null;
    if (isExpired()) {
      try {
        login = source.get();
      } catch (RuntimeException e) {
        unread = e;
      }
    }
    if (isExpired()) {
      SharingException expired =
          ProfileErrors.profileExpired(login.origin(), login.credential().expirationTime());
      if (unread != null) {
        expired.addSuppressed(unread);
      }
      throw expired;
    }
    return login;
  }

  @Override
  public void authenticate(Login signed, BiConsumer<String, String> headers) {
    BearerToken bearer = (BearerToken) signed.credential();
    try {
      headers.accept("Authorization", "Bearer " + bearer.token());
    } catch (IllegalArgumentException e) {
      // A line break in it, say: the exception may quote the token.
      throw ProfileErrors.badProfile(
          signed.origin(),
          "its '" + BearerToken.FIELD + "' contains characters that no HTTP header may have");
    }
  }

  @Override
  public synchronized boolean refresh(Login refused) {
    if (login.isSameAs(refused)) {
      login = source.get();
    }
    return !login.isSameAs(refused);
  }

  @Override
  public List<String> secrets(Login signed) {
    return signed.credential().secrets();
  }

  private boolean isExpired() {
    Instant end = login.credential().expirationTime();
    return end != null && !end.isAfter(clock.instant());
  }
}
