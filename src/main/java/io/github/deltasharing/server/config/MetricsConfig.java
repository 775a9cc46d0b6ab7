/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import io.github.deltasharing.annotation.PublicApi;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The section {@code metrics}: who may read the server's metrics. Immutable.
 *
 * @param host where a port of their own listens, by default this machine alone reaches it
 * @param port a port of their own, 0 for any free one; empty for none
 * @param token what reads them, on the server's port and on their own: a secret; empty for the
 *     principals of the store, and for anybody who reaches their own port
 */
@PublicApi
public record MetricsConfig(String host, OptionalInt port, Optional<String> token) {
  private static final int LEAST_TOKEN_CHARACTERS = 16;

  /** Where a port of their own listens if nothing is said. */
  static final String LOCAL = "127.0.0.1";

  /** Nothing configured. */
  public static final MetricsConfig NONE =
      new MetricsConfig(LOCAL, OptionalInt.empty(), Optional.empty());

  /** Checks the values. */
  public MetricsConfig {
    if (host.isBlank()) {
      throw ConfigException.wrong("metrics.host", host, "a host name or an address");
    }
    if (port.isPresent() && (port.getAsInt() < 0 || port.getAsInt() > 65_535)) {
      throw ConfigException.wrong("metrics.port", port.getAsInt(), "a number from 0 to 65535");
    }
    if (token.isPresent() && token.get().length() < LEAST_TOKEN_CHARACTERS) {
      throw new ConfigException(
          "metrics.tokenFile has %d characters: it must have %d or more, of a random text"
              .formatted(token.get().length(), LEAST_TOKEN_CHARACTERS));
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "MetricsConfig["
        + host
        + ":"
        + port
        + ", "
        + (token.isPresent() ? "token" : "open")
        + "]";
  }
}
