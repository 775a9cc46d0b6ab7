package io.github.deltasharing.transport;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Locale;

/**
 * Where a connection leads: connections of one route can stand in for each other. Immutable.
 *
 * @param tls whether it is encrypted, to the host
 * @param host the host that answers, without brackets
 * @param proxy the HTTP proxy that leads there, or null for none
 */
record Route(boolean tls, String host, int port, InetSocketAddress proxy) {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /**
   * The way to a URL.
   *
   * @throws IllegalArgumentException if it is none of HTTP; the message does not quote it
   */
  static Route of(URI uri, ProxySelector proxies) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean tls = scheme.equals("https");
    if (uri.getHost() == null || !(tls || scheme.equals("http"))) {
      throw new IllegalArgumentException("not a URL of HTTP with a host");
    }
    String host = uri.getHost();
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
    return new Route(
        tls,
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        port,
        proxy(uri, proxies));
  }

  private static InetSocketAddress proxy(URI uri, ProxySelector proxies) {
    if (proxies == null) {
      return null;
    }
    // Without what is signed: a selector may log it.
    URI asked = URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + "/");
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

  /** The host as it stands in a request, its port where it is not the usual one. */
  String authority() {
    boolean usual = port == (tls ? HTTPS_PORT : HTTP_PORT);
    return bracketed() + (usual ? "" : ":" + port);
  }

  /** The host as a proxy is asked for it. */
  String hostAndPort() {
    return bracketed() + ":" + port;
  }

  private String bracketed() {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
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
