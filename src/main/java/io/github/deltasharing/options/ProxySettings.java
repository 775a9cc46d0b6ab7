/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import java.io.Serializable;
import java.util.Objects;

/**
 * Which HTTP proxy requests go through. Immutable, serialisable; the password is a secret, which
 * {@code toString} leaves out. A class, not a record: Kryo cannot read records.
 */
public final class ProxySettings implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String host;
  private final int port;
  private final HostPatterns direct;
  private final String user;
  private final String password;
  private final boolean fromEnvironment;
  private final boolean unused;

  ProxySettings(SharingReadConf conf) {
    Integer given = conf.get(SharingOptions.PROXY_PORT);
    String noProxyHosts = conf.get(SharingOptions.NO_PROXY_HOSTS);
    this.host = conf.get(SharingOptions.PROXY_HOST);
    this.port = given == null ? -1 : given;
    this.direct = HostPatterns.ofOption(noProxyHosts == null ? "" : noProxyHosts);
    this.user = conf.get(NetworkOptions.PROXY_USER);
    this.password = conf.get(NetworkOptions.PROXY_PASSWORD);
    this.fromEnvironment = conf.get(NetworkOptions.PROXY_FROM_ENVIRONMENT);
    this.unused = false;
  }

  private ProxySettings() {
    this.host = null;
    this.port = -1;
    this.direct = HostPatterns.ofOption("");
    this.user = null;
    this.password = null;
    this.fromEnvironment = false;
    this.unused = true;
  }

  /** For peers that no proxy reaches, whatever the options, the JVM and its environment say. */
  static ProxySettings none() {
    return new ProxySettings();
  }

  /** Whether all connections are direct. */
  public boolean isNone() {
    return unused;
  }

  /** The proxy's host; null for the proxy settings of the JVM and its environment. */
  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** As whom the proxy is used; null for nobody. */
  public String user() {
    return user;
  }

  /** A secret, or the name of a variable that has it, as {@code env:NAME}. */
  public String password() {
    return password;
  }

  /** Whether the variables {@code https_proxy} and the like count where nothing else is set. */
  public boolean fromEnvironment() {
    return fromEnvironment;
  }

  /** Whether {@code host} is to be reached without the proxy. */
  public boolean isDirect(String host, int port) {
    return direct.match(host, port);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ProxySettings that
        && Objects.equals(host, that.host)
        && port == that.port
        && direct.equals(that.direct)
        && Objects.equals(user, that.user)
        && Objects.equals(password, that.password)
        && fromEnvironment == that.fromEnvironment
        && unused == that.unused;
  }

  @Override
  public int hashCode() {
    return Objects.hash(host, port, direct, user, password, fromEnvironment, unused);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "ProxySettings[" + host + ":" + port + ", user=" + user + "]";
  }
}
