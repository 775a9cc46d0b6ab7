package io.github.deltasharing.transport;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;

/**
 * Where a connection leads: connections of one route can stand in for each other. Immutable.
 *
 * @param tls whether it is encrypted, to the host
 * @param host the host that answers, without brackets
 * @param proxy the HTTP proxy that leads there, or null for none
 */
record Route(boolean tls, String host, int port, InetSocketAddress proxy) {
  /** The way to a URL. */
  static Route of(StoreUrl url, ProxySelector proxies) {
    return new Route(url.tls(), url.host(), url.port(), proxy(url, proxies));
  }

  private static InetSocketAddress proxy(StoreUrl url, ProxySelector proxies) {
    if (proxies == null) {
      return null;
    }
    // Without what is signed: a selector may log it.
    URI asked = URI.create((url.tls() ? "https://" : "http://") + url.authority() + "/");
    for (Proxy proxy : proxies.select(asked)) {
      if (proxy.type() == Proxy.Type.HTTP && proxy.address() instanceof InetSocketAddress address) {
        return address;
      }
      if (proxy.type() == Proxy.Type.DIRECT) {
        return null;
      }
    }
    return null;
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
    return proxy == null
        ? InetSocketAddress.createUnresolved(host, port)
        : InetSocketAddress.createUnresolved(proxy.getHostString(), proxy.getPort());
  }
}
