/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import java.net.URI;

/**
 * A server and the credential for it, from one reading of the profile: a credential is sent to no
 * other server than the one that it was read with. Driver only; immutable.
 *
 * @param origin where the profile came from, as the user named it: for messages
 * @param endpoint the server's base URL, without a slash at its end
 * @param credential a secret
 */
public record Login(String origin, URI endpoint, Credential credential) {
  /** The server's name, with its port where one is given: for messages. */
  public String host() {
    return endpoint.getRawAuthority();
  }

  /** Whether it is for the same recipient and server. */
  boolean isSameAs(Login other) {
    return credential.identity().equals(other.credential.identity())
        && endpoint.equals(other.endpoint);
  }

  /** Without the credential. */
  @Override
  public String toString() {
    return "Login[" + origin + ", endpoint=" + endpoint + "]";
  }
}
