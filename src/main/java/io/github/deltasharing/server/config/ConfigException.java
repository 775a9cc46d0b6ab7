/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import io.github.deltasharing.annotation.PublicApi;

/**
 * A configuration that the server does not start with; the message names the key, the value and
 * what is allowed. Secrets are never part of it.
 */
@PublicApi
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with its one-line message. */
  public ConfigException(String message) {
    super(message);
  }

  /** Creates the exception with its one-line message and what caused it. */
  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A value that is not allowed. */
  static ConfigException wrong(String key, Object value, String allowed) {
    return new ConfigException(key + " is '" + value + "': it must be " + allowed);
  }
}
