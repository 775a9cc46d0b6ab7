package io.github.deltasharing.http;

import java.net.InetSocketAddress;

/**
 * Where a connection leads: connections of one route can stand in for each other. Immutable.
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

  /** The host as a proxy is asked for it. */
  String hostAndPort() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** Whether a proxy passes on each request, instead of a tunnel's bytes. */
  boolean isForwarded() {
    return proxy != null && !tls;
  }

  /** Whom to connect to; not resolved. */
  InetSocketAddress firstHop() {
    return proxy == null ? InetSocketAddress.createUnresolved(host, port) : proxy;
  }
}
