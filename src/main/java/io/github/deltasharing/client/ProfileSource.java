/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.annotation.Internal;
import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.client.auth.ProfileFields;
import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.options.InlineCredential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a profile comes from. Loaded again when the server refuses the token, because profiles get
 * rotated. Driver only; has to be thread-safe.
 */
@FunctionalInterface
@PublicApi
public interface ProfileSource {
  /** Prefix of a location that names an environment variable. */
  String ENV_PREFIX = "env:";

  /**
   * Reads the profile as it is now.
   *
   * @throws IllegalArgumentException if it is missing or malformed
   */
  Profile load();

  /**
   * Headers that each request to the server carries besides its own, for gateways in front of it.
   * Called for each request.
   */
  default Map<String, String> headers() {
    return Map.of();
  }

  /** A local file. */
  static ProfileSource file(Path file) {
    return () -> {
      try {
        return Profile.fromBytes(file.toString(), Files.readAllBytes(file));
      } catch (NoSuchFileException e) {
        throw ProfileErrors.profileNotFound(file.toString(), file.toAbsolutePath().toString(), e);
      } catch (IOException e) {
        throw ProfileErrors.profileUnreadable(file.toString(), e);
      }
    };
  }

  /** The credential that options give. */
  @Internal
  static ProfileSource inline(InlineCredential credential) {
    return () -> Profile.of(ProfileFields.of(credential));
  }

  /** An environment variable that holds the profile's JSON. */
  static ProfileSource environment(String variable) {
    return environment(variable, ENV_PREFIX + variable);
  }

  /**
   * The same.
   *
   * @param origin how messages name it
   */
  @Internal
  static ProfileSource environment(String variable, String origin) {
    return () -> {
      String json = System.getenv(variable);
      if (json == null || json.isBlank()) {
        throw ProfileErrors.profileVariableUnset(variable);
      }
      return Profile.fromJson(origin, json);
    };
  }
}
