/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.error.SharingErrors;

/**
 * A secret as an option gives it: itself, or the name of an environment variable that has it, as
 * {@code env:NAME}; then only the name travels. Driver and executors; stateless.
 */
public final class OptionSecret {
  private static final String ENVIRONMENT = "env:";

  private OptionSecret() {}

  /**
   * The secret.
   *
   * @param option for messages
   * @param value the option's, or null
   * @throws IllegalArgumentException if it names a variable that this machine does not have
   */
  public static String resolve(String option, String value) {
    if (value == null || !value.startsWith(ENVIRONMENT)) {
      return value;
    }
    String variable = value.substring(ENVIRONMENT.length());
    String secret = System.getenv(variable);
    if (secret == null) {
      throw SharingErrors.unsetVariable(option, variable);
    }
    return secret;
  }
}
