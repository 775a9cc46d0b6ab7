/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.protocol.SharingHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Adds to each request of a session the headers that the user's profile provider gives for gateways
 * in front of the server: secrets as well. Driver only; thread-safe.
 */
final class GatewaySession implements AuthSession {
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "authorization",
          "user-agent",
          "accept-encoding",
          "content-type",
          SharingHeaders.CAPABILITIES,
          SharingHeaders.FILE_IDS);

  private final AuthSession session;
  private final Supplier<Map<String, String>> added;

  /**
   * @param added called for each request
   */
  GatewaySession(AuthSession session, Supplier<Map<String, String>> added) {
    this.session = session;
    this.added = added;
  }

  @Override
  public Login last() {
    return session.last();
  }

  @Override
  public Login login() {
    return session.login();
  }

  @Override
  public void authenticate(Login login, BiConsumer<String, String> headers) {
    added.get().forEach((name, value) -> add(login, name, value, headers));
    session.authenticate(login, headers);
  }

  private static void add(
      Login login, String name, String value, BiConsumer<String, String> headers) {
    if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      throw ProfileErrors.badHeader(login.origin(), name, "it is the connector's own");
    }
    try {
      headers.accept(name, value);
    } catch (IllegalArgumentException e) {
      // It may quote the value, which may be a secret.
      throw ProfileErrors.badHeader(login.origin(), name, "no HTTP request may have it");
    }
  }

  @Override
  public boolean refresh(Login refused) {
    return session.refresh(refused);
  }

  @Override
  public List<String> secrets(Login login) {
    return session.secrets(login);
  }
}
