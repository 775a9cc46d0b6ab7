/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import io.github.deltasharing.options.ProxySettings;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Chooses the proxy for a host: that of the options, or, if they name none, that of the JVM's proxy
 * settings. Driver and executors; immutable.
 */
final class Proxies {
  private final ProxySettings settings;

  Proxies(ProxySettings settings) {
    this.settings = settings;
  }

  /** The HTTP proxy for a URL, not resolved; null for a direct connection. */
  InetSocketAddress of(HttpUrl url) {
    if (settings.host() == null) {
      return ofJvm(url);
    }
    // Resolved by each connection, because a proxy's address may change.
    return settings.isDirect(url.host())
        ? null
        : InetSocketAddress.createUnresolved(settings.host(), settings.port());
  }

  private static InetSocketAddress ofJvm(HttpUrl url) {
    ProxySelector selector = ProxySelector.getDefault();
    if (selector == null) {
      return null;
    }
    // Without path and query: a selector may log the URI, and a signature is a secret.
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

  /** The value of Proxy-Authorization for the proxy of the options; null for none. */
  String authorization() {
    if (settings.host() == null || settings.user() == null) {
      return null;
    }
    String credentials = settings.user() + ":" + settings.password();
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }
}
