/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import io.github.deltasharing.options.HostPatterns;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxies that the environment names, as curl and others read it: {@code https_proxy}, {@code
 * http_proxy} and {@code no_proxy}, in lower or upper case. This machine is never reached through
 * them. Driver and executors, each its own; immutable; the proxies' passwords are secrets.
 */
final class EnvironmentProxies {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentProxies.class);

  private static final int DEFAULT_PORT = 80;

  /** The scheme may be missing; a path is passed over. */
  private static final Pattern FORM =
      Pattern.compile(
          "(?:([a-zA-Z][a-zA-Z0-9+.-]*)://)?(?:([^/]*)@)?(\\[[^\\]/@]+\\]|[^:/@\\s]+)(?::(\\d{1,5}))?(?:/.*)?");

  static final EnvironmentProxies OF_PROCESS = of(System::getenv);

  private final Proxy https;
  private final Proxy http;
  private final HostPatterns direct;

  /**
   * @param authorization the header's value, or null
   */
  private record Proxy(InetSocketAddress address, String authorization) {}

  private EnvironmentProxies(Proxy https, Proxy http, HostPatterns direct) {
    this.https = https;
    this.http = http;
    this.direct = direct;
  }

  /**
   * Reads the variables.
   *
   * @param environment gives null for those that are not set
   */
  static EnvironmentProxies of(UnaryOperator<String> environment) {
    String noProxy = either(environment, "no_proxy", "NO_PROXY");
    // In a CGI program HTTP_PROXY is a header that the client sends.
    boolean cgi = environment.apply("REQUEST_METHOD") != null;
    return new EnvironmentProxies(
        proxy("https_proxy", either(environment, "https_proxy", "HTTPS_PROXY")),
        proxy("http_proxy", either(environment, "http_proxy", cgi ? "http_proxy" : "HTTP_PROXY")),
        HostPatterns.ofEnvironment(noProxy == null ? "" : noProxy));
  }

  private static String either(UnaryOperator<String> environment, String lower, String upper) {
    String value = environment.apply(lower);
    return value == null ? environment.apply(upper) : value;
  }

  private static Proxy proxy(String name, String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    Matcher form = FORM.matcher(value.trim());
    String scheme = form.matches() ? form.group(1) : "";
    if (scheme != null && !scheme.equalsIgnoreCase("http")) {
      // Without the value: it may have a password.
      LOG.warn(
          "The environment variable {} names no HTTP proxy (http://host:port), and is not used.",
          name);
      return null;
    }
    String host = form.group(3);
    int port = form.group(4) == null ? DEFAULT_PORT : Integer.parseInt(form.group(4));
    if (port == 0 || port > 0xffff) {
      LOG.warn("The environment variable {} has a port that is none, and is not used.", name);
      return null;
    }
    return new Proxy(
        InetSocketAddress.createUnresolved(
            host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port),
        form.group(2) == null ? null : Proxies.basic(decoded(form.group(2))));
  }

  private static String decoded(String credentials) {
    try {
      String both = URLDecoder.decode(credentials.replace("+", "%2B"), StandardCharsets.UTF_8);
      return both.indexOf(':') < 0 ? both + ":" : both;
    } catch (IllegalArgumentException e) {
      return credentials;
    }
  }

  boolean hasAny() {
    return https != null || http != null;
  }

  /** The values of Proxy-Authorization. */
  Stream<String> secrets() {
    return Stream.<Proxy>builder()
        .add(https)
        .add(http)
        .build()
        .filter(proxy -> proxy != null && proxy.authorization() != null)
        .map(Proxy::authorization);
  }

  /** The proxy for a URL, not resolved; null for a direct connection. */
  InetSocketAddress of(HttpUrl url) {
    Proxy proxy = url.tls() ? https : http;
    return proxy == null || isLoopback(url.host()) || direct.match(url.host(), url.port())
        ? null
        : proxy.address();
  }

  private static boolean isLoopback(String host) {
    if (HttpUrl.isLoopback(host) || host.endsWith(".localhost")) {
      return true;
    }
    try {
      return host.indexOf(':') >= 0 && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** The value of Proxy-Authorization for a route's proxy; null for none. */
  String authorization(Route route) {
    Proxy proxy = route.tls() ? https : http;
    return proxy == null || !proxy.address().equals(route.proxy()) ? null : proxy.authorization();
  }
}
