package io.github.deltasharing.client.auth;

import java.net.URI;

/**
 * Which server a recipient signs in to, and with what, by one reading of its profile: a credential
 * is sent to no other server than the one it was read with. Driver only; immutable.
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

  /** Whether it leads the same recipient to the same server. */
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
