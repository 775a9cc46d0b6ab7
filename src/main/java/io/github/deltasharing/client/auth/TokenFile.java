/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.error.ProfileErrors;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A token that the platform keeps fresh in a file of the driver's machine, such as that of a
 * Kubernetes service account: what a workload has in place of a secret. Read again each minute, for
 * it is replaced while jobs run. Immutable.
 *
 * @param location a path, or {@code env:NAME} for a path in an environment variable
 */
record TokenFile(String location, URI endpoint) implements TokenCredential {
  /** The profile's {@code type}. */
  static final String TYPE = "workload_token_file";

  private static final String ENVIRONMENT = "env:";
  private static final String WHAT = "workload token";
  private static final Duration LIFE = Duration.ofMinutes(1);

  /** What two clocks may differ by. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  static TokenFile of(ProfileFields profile) {
    return new TokenFile(profile.required("tokenFile"), profile.url("endpoint", false));
  }

  @Override
  public AccessToken exchange(String origin, TokenRequests requests) {
    String token = read(origin, location, requests.now());
    return new AccessToken(token, requests.now(), requests.now().plus(LIFE));
  }

  /** The token as it is now. */
  static String read(String origin, String location, Instant now) {
    String path =
        location.startsWith(ENVIRONMENT)
            ? DriverFile.variable(origin, WHAT, location.substring(ENVIRONMENT.length())).trim()
            : location;
    String token = DriverFile.file(origin, WHAT, path).trim();
    if (token.isEmpty() || !token.matches("[\\x21-\\x7e]+")) {
      throw ProfileErrors.badFile(origin, WHAT, location, "holds no token");
    }
    JsonNode claims = TokenReader.claims(token);
    // Milliseconds, or what is no time at all, is later than now.
    if (claims != null && claims.path("exp").isNumber()) {
      double end = claims.path("exp").doubleValue();
      if (end + SKEW.toSeconds() < now.getEpochSecond() && end >= 0) {
        throw ProfileErrors.badFile(
            origin,
            WHAT,
            location,
            "expired at "
                + Instant.ofEpochSecond((long) end)
                + ": whatever replaces it has stopped");
      }
    }
    return token;
  }

  /** Whoever the token says it is of; a token that does not say is its own. */
  @Override
  public String identity(AccessToken token) {
    if (token == null) {
      return KeyedDigest.of(TYPE, location);
    }
    JsonNode claims = TokenReader.claims(token.value());
    return claims == null || !claims.path("sub").isTextual()
        ? KeyedDigest.of(TYPE, location, token.value())
        : KeyedDigest.of(
            TYPE,
            location,
            claims.path("iss").toString(),
            claims.path("sub").toString(),
            claims.path("aud").toString());
  }

  @Override
  public List<URI> showsMachineTo() {
    return List.of(endpoint);
  }

  @Override
  public String key() {
    return KeyedDigest.of(TYPE, location, endpoint.toString());
  }

  @Override
  public List<String> secrets() {
    return List.of();
  }

  @Override
  public String toString() {
    return "TokenFile[" + location + "]";
  }
}
