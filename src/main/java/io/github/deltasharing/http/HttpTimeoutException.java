/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.io.IOException;

/** No connection, no response or no more of one within the time allowed. */
class HttpTimeoutException extends IOException {
  private static final long serialVersionUID = 1L;

  HttpTimeoutException(String message) {
    super(message);
  }
}
