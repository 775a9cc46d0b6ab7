/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.net.InetAddress;

/**
 * Checks the resolved addresses of a host before a connection. Driver and executors; thread-safe.
 */
@FunctionalInterface
interface AddressCheck {
  /**
   * Checks one address.
   *
   * @throws RefusedUrlException if it may not be connected to
   */
  void check(String host, InetAddress address);
}
