/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

/** A response's body arrived too slowly, though no single wait exceeded the timeout. */
public final class SlowException extends StalledException {
  private static final long serialVersionUID = 1L;

  private final long waitedNanos;

  SlowException(String message, long waitedNanos) {
    super(message);
    this.waitedNanos = waitedNanos;
  }

  /** The sum of all waits for the body. */
  public long waitedNanos() {
    return waitedNanos;
  }
}
