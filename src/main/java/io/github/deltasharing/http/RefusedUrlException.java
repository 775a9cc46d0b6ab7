/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

/** A URL that no request is sent to. The message says why, and quotes no more than its host. */
public final class RefusedUrlException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public RefusedUrlException(String message) {
    super(message);
  }
}
