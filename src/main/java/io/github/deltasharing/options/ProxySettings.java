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
  private final String noProxyHosts;
  private final String user;
  private final String password;

  /**
   * @param host null for the JVM's own proxy settings
   * @param noProxyHosts hosts that are reached without the proxy, as the option says them
   */
  ProxySettings(String host, int port, String noProxyHosts) {
    this(host, port, noProxyHosts, null, null);
  }

  private ProxySettings(String host, int port, String noProxyHosts, String user, String password) {
    this.host = host;
    this.port = port;
    this.noProxyHosts = noProxyHosts;
    this.user = user;
    this.password = password;
  }

  /** The same with credentials, which the proxy gets as HTTP Basic. */
  public ProxySettings withCredentials(String newUser, String newPassword) {
    return new ProxySettings(host, port, noProxyHosts, newUser, newPassword);
  }

  /** The proxy's host, or null for the JVM's own proxy settings. */
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

  /** A secret. */
  public String password() {
    return password;
  }

  /** Whether {@code host} is to be reached without the proxy. */
  public boolean isDirect(String host) {
    return HostList.contains(noProxyHosts, host);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ProxySettings that
        && Objects.equals(host, that.host)
        && port == that.port
        && noProxyHosts.equals(that.noProxyHosts)
        && Objects.equals(user, that.user)
        && Objects.equals(password, that.password);
  }

  @Override
  public int hashCode() {
    return Objects.hash(host, port, noProxyHosts, user, password);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "ProxySettings[" + host + ":" + port + ", user=" + user + "]";
  }
}
