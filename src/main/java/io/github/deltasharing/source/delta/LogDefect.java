/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

/**
 * Something in a table's log that no second try makes right. The message says what and where (file
 * and line, never a directory) as the end of a sentence about the table; {@link LogFailures} makes
 * the response of it.
 */
final class LogDefect extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LogDefect(String message, Throwable cause) {
    super(message, cause);
  }
}
