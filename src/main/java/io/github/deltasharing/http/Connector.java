/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import io.github.deltasharing.options.HttpSettings;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * Opens connections, through a proxy's tunnel and with TLS if the route says so. Driver and
 * executors; thread-safe.
 */
final class Connector {
  /** Limit of the connect timeout, so that an unreachable host is retried in time. */
  static final Duration LONGEST_CONNECT = Duration.ofSeconds(30);

  private final Duration connectTimeout;
  private final Duration timeout;
  private final Tls tls;
  private final AddressCheck addresses;
  private final Proxies proxies;

  /**
   * @param addresses checks the addresses that are connected to without a proxy
   * @param proxies have the header for proxies that open tunnels
   */
  Connector(HttpSettings settings, AddressCheck addresses, Proxies proxies) {
    this.timeout = settings.timeout();
    this.connectTimeout = timeout.compareTo(LONGEST_CONNECT) < 0 ? timeout : LONGEST_CONNECT;
    this.tls = new Tls(settings.tls());
    this.addresses = addresses;
    this.proxies = proxies;
  }

  /** Opens a connection, within the connect timeout for each address. */
  HttpConnection open(Route route) throws IOException {
    Pace pace = new Pace(timeout);
    Socket socket = new PacedSocket(connect(route), pace);
    HttpConnection connection = new HttpConnection(route, socket, timeout, pace);
    boolean opened = false;
    try {
      if (route.tls()) {
        if (route.proxy() != null) {
          connection.openTunnel(proxies.authorization(route));
        }
        pace.startHead();
        connection.encrypt(tls.over(socket, route));
      }
      opened = true;
      return connection;
    } finally {
      if (!opened) {
        connection.drop();
      }
    }
  }

  /** Connects to the first reachable address of the host. */
  private Socket connect(Route route) throws IOException {
    InetSocketAddress hop = route.firstHop();
    IOException failure = null;
    for (InetAddress address : InetAddress.getAllByName(hop.getHostString())) {
      if (route.proxy() == null) {
        // Checks the address in use, because the name may resolve to another one next time.
        addresses.check(route.host(), address);
      }
      try {
        return connect(address, hop.getPort());
      } catch (InterruptedIOException | ClosedByInterruptException e) {
        throw e;
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    throw failure;
  }

  /** The socket of a channel: an interrupt ends its blocking calls. */
  private Socket connect(InetAddress address, int port) throws IOException {
    SocketChannel channel = SocketChannel.open();
    boolean connected = false;
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      Socket socket = channel.socket();
      socket.connect(new InetSocketAddress(address, port), (int) connectTimeout.toMillis());
      socket.setSoTimeout((int) Math.min(timeout.toMillis(), Integer.MAX_VALUE));
      connected = true;
      return socket;
    } catch (SocketTimeoutException e) {
      throw new ConnectTimeoutException();
    } finally {
      if (!connected) {
        channel.close();
      }
    }
  }
}
