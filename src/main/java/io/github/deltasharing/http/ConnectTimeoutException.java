/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

/** No connection was established in time: the request was not sent. */
final class ConnectTimeoutException extends HttpTimeoutException {
  private static final long serialVersionUID = 1L;

  ConnectTimeoutException() {
    super("no connection in time");
  }
}
