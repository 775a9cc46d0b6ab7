/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Signs a client's requests in to its sharing server, one class for each kind of {@link
 * Credential}. Driver only; thread-safe; lives as long as the client.
 */
public interface AuthSession {
  /** The login as it was last read: for messages, not for requests. */
  Login last();

  /**
   * The login for the next request, for both its URL and its headers. May read the profile again.
   *
   * @throws io.github.deltasharing.error.SharingException if the profile's credential expired
   */
  Login login();

  /**
   * Adds the headers that sign a request in.
   *
   * @param login whose endpoint the request is sent to
   * @param headers takes names and values; throws IllegalArgumentException for what no request may
   *     have
   * @throws IllegalArgumentException saying where such a header came from, without quoting it
   */
  void authenticate(Login login, BiConsumer<String, String> headers);

  /**
   * Gets another login after the server refused one, unless another thread has.
   *
   * @return whether there is another login now
   */
  boolean refresh(Login refused);

  /**
   * What must not show in any text about requests of a login, besides the values of headers other
   * than Authorization that {@link #authenticate} adds.
   */
  List<String> secrets(Login login);

  /**
   * Opens a session.
   *
   * @param source reads the profile as it is now
   * @param headers the headers for gateways in front of the server, as they are now
   * @param tokens where access tokens come from, if the credential is exchanged for some
   * @throws IllegalArgumentException if the profile is missing or malformed
   */
  static AuthSession open(
      Supplier<Login> source, Supplier<Map<String, String>> headers, AccessTokens tokens) {
    return new GatewaySession(new ProfileSession(source, tokens), headers);
  }
}
