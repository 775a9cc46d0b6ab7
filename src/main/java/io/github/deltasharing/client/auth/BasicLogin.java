/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import io.github.deltasharing.error.ProfileErrors;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** A user's name and password, sent with each request (RFC 7617). A secret; immutable. */
record BasicLogin(String username, String password, Instant expirationTime) implements Credential {
  /** The profile's {@code type}. */
  static final String TYPE = "basic";

  static BasicLogin of(ProfileFields profile) {
    String username = profile.required("username");
    if (username.indexOf(':') >= 0) {
      throw ProfileErrors.badProfile(
          profile.origin(), "its 'username' contains a colon, which no name of this kind may have");
    }
    return new BasicLogin(
        username, profile.required("password"), profile.expirationTime("password"));
  }

  @Override
  public String identity(AccessToken none) {
    return KeyedDigest.of(TYPE, username, password);
  }

  @Override
  public String authorization(AccessToken none) {
    return "Basic " + encoded();
  }

  private String encoded() {
    return Base64.getEncoder()
        .encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String sentField() {
    return "'password'";
  }

  @Override
  public List<String> secrets() {
    return List.of(password, encoded());
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "BasicLogin[expirationTime=" + expirationTime + "]";
  }
}
