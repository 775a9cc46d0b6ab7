/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.client.auth.Login;
import io.github.deltasharing.http.HttpUrl;

/**
 * A server and a recipient at it: the responses to one recipient are not for another, though both
 * name the same table. Equal for equal credentials of one server. Has a keyed digest, which does
 * not reveal the credential, not even to a dictionary attack: the key stays in this JVM. Driver
 * only; immutable.
 */
public final class Recipient {
  private final String host;
  private final boolean local;
  private final String digest;

  private Recipient(String host, boolean local, String digest) {
    this.host = host;
    this.local = local;
    this.digest = digest;
  }

  /**
   * Who signs in with a login.
   *
   * @param local whether this machine was what responded
   */
  static Recipient of(Login login, boolean local) {
    return new Recipient(
        login.host(),
        local || HttpUrl.of(login.endpoint().toString()).isLoopback(),
        login.identity());
  }

  /** Identifies it within this driver's application: a key for the caches of the executors. */
  public String digest() {
    return digest;
  }

  /**
   * Whether the server is on this machine: by its host's very name, or because the last response
   * came from here. What the name resolves to at another time says nothing: whoever owns it could
   * have it resolve to this machine now and then.
   */
  public boolean isLocal() {
    return local;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Recipient that && digest.equals(that.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return "Recipient[at " + host + "]";
  }
}
