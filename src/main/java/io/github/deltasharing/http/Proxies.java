package io.github.deltasharing.http;

import io.github.deltasharing.options.ProxySettings;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Which proxy leads to a host: the one of the options, and where they name none, what the JVM's
 * proxy settings say. Immutable, thread-safe.
 */
final class Proxies {
  private final ProxySettings settings;

  Proxies(ProxySettings settings) {
    this.settings = settings;
  }

  /** The HTTP proxy that leads to a URL, not resolved; null for none. */
  InetSocketAddress of(HttpUrl url) {
    if (settings.host() == null) {
      return ofJvm(url);
    }
    // Resolved by each connection: this outlives a proxy's address.
    return settings.isDirect(url.host())
        ? null
        : InetSocketAddress.createUnresolved(settings.host(), settings.port());
  }

  private static InetSocketAddress ofJvm(HttpUrl url) {
    ProxySelector selector = ProxySelector.getDefault();
    if (selector == null) {
      return null;
    }
    // Without path and query: a selector may log what it is given, and a signature is a secret.
    URI place = URI.create((url.tls() ? "https://" : "http://") + url.authority() + "/");
    for (Proxy proxy : selector.select(place)) {
      if (proxy.type() == Proxy.Type.HTTP && proxy.address() instanceof InetSocketAddress address) {
        return InetSocketAddress.createUnresolved(address.getHostString(), address.getPort());
      }
      if (proxy.type() == Proxy.Type.DIRECT) {
        return null;
      }
    }
    return null;
  }

  /** What the header Proxy-Authorization says to the proxy of the options; null for nothing. */
  String authorization() {
    if (settings.host() == null || settings.user() == null) {
      return null;
    }
    String credentials = settings.user() + ":" + settings.password();
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }
}
