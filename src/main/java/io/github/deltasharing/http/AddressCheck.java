package io.github.deltasharing.http;

import java.net.InetAddress;

/** Says which addresses may be connected to, once a host's name is resolved. Thread-safe. */
@FunctionalInterface
interface AddressCheck {
  /**
   * Looks at one.
   *
   * @throws RefusedUrlException if it may not be connected to
   */
  void check(String host, InetAddress address);
}
