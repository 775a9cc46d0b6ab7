/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import java.time.Instant;
import java.util.List;

/**
 * A static bearer token. Driver only; immutable.
 *
 * @param token a secret
 * @param expirationTime null for never
 */
public record BearerToken(String token, Instant expirationTime) implements Credential {
  /** The profile's {@code type}. */
  public static final String TYPE = "bearer_token";

  /** The profile's field. */
  static final String FIELD = "bearerToken";

  static BearerToken of(ProfileFields profile) {
    return new BearerToken(profile.required(FIELD), profile.expirationTime(FIELD));
  }

  @Override
  public String identity(AccessToken none) {
    return token;
  }

  @Override
  public String authorization(AccessToken none) {
    return "Bearer " + token;
  }

  @Override
  public String sentField() {
    return "'" + FIELD + "'";
  }

  @Override
  public List<String> secrets() {
    return List.of(token);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "BearerToken[expirationTime=" + expirationTime + "]";
  }
}
