/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Signs in with the credential of a profile, which is read again when it expires, when the server
 * refuses it and when the identity provider does: profiles get rotated. Driver only; thread-safe.
 */
final class ProfileSession implements AuthSession {
  private final Supplier<Login> source;
  private final AccessTokens tokens;
  private Login login;

  ProfileSession(Supplier<Login> source, AccessTokens tokens) {
    this.source = source;
    this.tokens = tokens;
    this.login = source.get();
  }

  @Override
  public synchronized Login last() {
    return login;
  }

  @Override
  public Login login() {
    Login current = unexpired();
    if (!(current.credential() instanceof TokenCredential credential)) {
      return current;
    }
    try {
      return keep(current, tokens.get(current.origin(), credential));
    } catch (SharingServerException refusal) {
      return afterRotation(current, refusal);
    }
  }

  private synchronized Login unexpired() {
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
    ExpiryWarnings.warn(
        login.origin(), login.credential().expirationTime(), tokens.clock().instant());
    return login;
  }

  /** The identity provider refused the credential: the profile may have another one by now. */
  private Login afterRotation(Login refused, SharingServerException refusal) {
    Login read;
    try {
      read = another(refused);
    } catch (RuntimeException e) {
      refusal.addSuppressed(e);
      throw refusal;
    }
    if (read == null || !(read.credential() instanceof TokenCredential credential)) {
      throw refusal;
    }
    return keep(read, tokens.get(read.origin(), credential));
  }

  /** The profile's login as it is now, or was made by another thread; null for the same one. */
  private synchronized Login another(Login refused) {
    if (!login.isSameAs(refused)) {
      return login;
    }
    Login read = source.get();
    boolean same = read.isOfSameProfile(login);
    login = same ? read.with(login.token()) : read;
    return same ? null : login;
  }

  /** Keeps a token with the profile that it was got for. */
  private synchronized Login keep(Login of, AccessToken token) {
    Login with = of.with(token);
    if (login.isOfSameProfile(of)) {
      login = with;
    }
    return with;
  }

  @Override
  public void authenticate(Login signed, BiConsumer<String, String> headers) {
    Credential credential = signed.credential();
    try {
      headers.accept("Authorization", credential.authorization(signed.token()));
    } catch (IllegalArgumentException e) {
      // A line break in it, say: the exception may quote the token.
      throw ProfileErrors.badProfile(
          signed.origin(),
          "its " + credential.sentField() + " contains characters that no HTTP header may have");
    }
  }

  @Override
  public boolean refresh(Login refused) {
    Login now = another(refused);
    if (now != null) {
      return true;
    }
    if (!(refused.credential() instanceof TokenCredential credential)) {
      return false;
    }
    AccessToken token = tokens.replace(refused.origin(), credential, refused.token());
    keep(refused, token);
    return !token.value().equals(refused.token().value());
  }

  @Override
  public List<String> secrets(Login signed) {
    return signed.secrets();
  }

  private boolean isExpired() {
    Instant end = login.credential().expirationTime();
    return end != null && !end.isAfter(tokens.clock().instant());
  }
}
