/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A server and the credential for it, from one reading of the profile: a credential is sent to no
 * other server than the one that it was read with. Driver only; immutable.
 *
 * @param origin where the profile came from, as the user named it: for messages
 * @param endpoint the server's base URL, without a slash at its end
 * @param credential a secret
 * @param token the access token that it was exchanged for: a secret; null for none
 */
public record Login(String origin, URI endpoint, Credential credential, AccessToken token) {
  /** One without an access token. */
  public Login(String origin, URI endpoint, Credential credential) {
    this(origin, endpoint, credential, null);
  }

  /** The same with an access token. */
  Login with(AccessToken other) {
    return new Login(origin, endpoint, credential, other);
  }

  /** Identifies the recipient among others of all servers: a secret. */
  public String identity() {
    return KeyedDigest.of(endpoint.toString(), credential.identity(token));
  }

  /** What must not show in any text. */
  List<String> secrets() {
    List<String> secrets = new ArrayList<>(credential.secrets());
    if (token != null) {
      secrets.add(token.value());
    }
    return secrets;
  }

  /** The server's name, with its port where one is given: for messages. */
  public String host() {
    return endpoint.getRawAuthority();
  }

  /** Whether the profile said the same. */
  boolean isOfSameProfile(Login other) {
    return credential.key().equals(other.credential.key()) && endpoint.equals(other.endpoint);
  }

  /** Whether the access token is the same, too. */
  boolean isSameAs(Login other) {
    return isOfSameProfile(other) && Objects.equals(value(token), value(other.token));
  }

  private static String value(AccessToken token) {
    return token == null ? null : token.value();
  }

  /** Without the credential. */
  @Override
  public String toString() {
    return "Login[" + origin + ", endpoint=" + endpoint + "]";
  }
}
