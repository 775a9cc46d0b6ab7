/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.io.IOException;

/** A proxy did not open a tunnel: the request was not sent. */
final class ProxyRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

  private final int status;

  ProxyRefusedException(int status) {
    super("the proxy refused a tunnel to the host with HTTP " + status);
    this.status = status;
  }

  /** Whether the proxy refuses the next request too: its server errors may pass. */
  boolean isFinal() {
    return status < 500 && status != 408 && status != 429;
  }

  /** What to do. */
  String advice() {
    return status == PROXY_AUTHENTICATION_REQUIRED
        ? Failures.PROXY_WANTS_SIGN_IN
        : "Check the options 'proxyHost' and 'proxyPort', or name the host in 'noProxyHosts' if it can be reached"
            + " without the proxy.";
  }
}
