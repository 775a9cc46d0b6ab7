/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import io.github.deltasharing.options.NetworkOptions;
import io.github.deltasharing.options.OptionSecret;
import io.github.deltasharing.options.ProxySettings;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * Chooses the proxy for a host: that of the options; if they name none, that of the JVM's proxy
 * settings; if these are not set, that of the environment. The last two are those of the machine
 * that connects. Driver and executors; immutable.
 */
final class Proxies {
  private static final String BASIC = "Basic ";

  private final ProxySettings settings;
  private final EnvironmentProxies environment;

  /** Of the proxy of the options; null for none. */
  private final String authorization;

  /**
   * @throws IllegalArgumentException if the proxy's password is in a variable that is not set
   */
  Proxies(ProxySettings settings) {
    this(
        settings,
        settings.fromEnvironment()
            ? EnvironmentProxies.OF_PROCESS
            : EnvironmentProxies.of(name -> null));
  }

  Proxies(ProxySettings settings, EnvironmentProxies environment) {
    this.settings = settings;
    this.environment = environment;
    this.authorization =
        settings.host() == null || settings.user() == null
            ? null
            : basic(
                settings.user()
                    + ":"
                    + OptionSecret.resolve(
                        NetworkOptions.PROXY_PASSWORD.key(), settings.password()));
  }

  /** The value of Proxy-Authorization for a user and password, with a colon between. */
  static String basic(String credentials) {
    return BASIC + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  /** The HTTP proxy for a URL, not resolved; null for a direct connection. */
  InetSocketAddress of(HttpUrl url) {
    if (settings.isNone()) {
      return null;
    }
    if (settings.host() != null) {
      // Resolved by each connection, because a proxy's address may change.
      return settings.isDirect(url.host(), url.port())
          ? null
          : InetSocketAddress.createUnresolved(settings.host(), settings.port());
    }
    ProxySelector selector = ProxySelector.getDefault();
    InetSocketAddress found = selector == null ? null : select(selector, url);
    return found == null && environment.hasAny() && !isConfigured(selector, url)
        ? environment.of(url)
        : found;
  }

  private static InetSocketAddress select(ProxySelector selector, HttpUrl url) {
    // Without path and query: a selector may log the URI, and a signature is a secret.
    URI place = URI.create(scheme(url) + "://" + url.authority() + "/");
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

  /** Whether "no proxy" is what the JVM's settings say, rather than that there are none. */
  private static boolean isConfigured(ProxySelector selector, HttpUrl url) {
    boolean javasOwn = selector == null || selector.getClass().getName().startsWith("sun.net.");
    return !javasOwn
        || System.getProperty(scheme(url) + ".proxyHost") != null
        || Boolean.getBoolean("java.net.useSystemProxies");
  }

  private static String scheme(HttpUrl url) {
    return url.tls() ? "https" : "http";
  }

  /** What must not show in any text about requests. */
  List<String> secrets() {
    Stream<String> sent = Stream.concat(Stream.ofNullable(authorization), environment.secrets());
    return sent.flatMap(Proxies::secretsOf).toList();
  }

  private static Stream<String> secretsOf(String authorization) {
    String encoded = authorization.substring(BASIC.length());
    String both = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    String password = both.substring(both.indexOf(':') + 1);
    return password.isEmpty() ? Stream.of(encoded) : Stream.of(encoded, password);
  }

  /** The value of Proxy-Authorization for a route's proxy; null for none. */
  String authorization(Route route) {
    if (route.proxy() == null) {
      return null;
    }
    return settings.host() != null ? authorization : environment.authorization(route);
  }
}
