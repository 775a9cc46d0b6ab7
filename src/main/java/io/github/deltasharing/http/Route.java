/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.net.InetSocketAddress;

/**
 * The endpoint of a connection and the way there: connections of one route are interchangeable.
 * Driver and executors; immutable.
 *
 * @param tls whether it is encrypted, to the host
 * @param host the host that responds, without brackets
 * @param proxy the HTTP proxy that leads there, not resolved; null for none
 */
record Route(boolean tls, String host, int port, InetSocketAddress proxy) {
  /** The way to a URL. */
  static Route of(HttpUrl url, Proxies proxies) {
    return new Route(url.tls(), url.host(), url.port(), proxies.of(url));
  }

  /** The host and port as CONNECT names them. */
  String hostAndPort() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** Whether requests are sent to a proxy in the absolute form, not through a tunnel. */
  boolean isForwarded() {
    return proxy != null && !tls;
  }

  /** What the socket is connected to, not resolved: the proxy, or the host. */
  InetSocketAddress firstHop() {
    return proxy == null ? InetSocketAddress.createUnresolved(host, port) : proxy;
  }
}
