/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

/** A response's body paused for longer than the option {@code timeout}. */
class StalledException extends HttpTimeoutException {
  private static final long serialVersionUID = 1L;

  StalledException(String message) {
    super(message);
  }
}
