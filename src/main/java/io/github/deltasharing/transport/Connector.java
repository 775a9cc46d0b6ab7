package io.github.deltasharing.transport;

import io.github.deltasharing.client.TrustingTls;
import io.github.deltasharing.options.HttpSettings;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Opens connections: through a proxy's tunnel and with TLS where the route says so. Thread-safe.
 */
final class Connector {
  private final Duration connectTimeout;
  private final Duration timeout;
  private final SSLSocketFactory tls;
  private final boolean verifiesHosts;
  private final StoreHosts hosts;

  Connector(HttpSettings settings, Duration connectTimeout) {
    this.hosts = new StoreHosts(settings);
    this.connectTimeout = connectTimeout;
    this.timeout = settings.timeout();
    this.verifiesHosts = !settings.trustAll();
    this.tls =
        settings.trustAll()
            ? TrustingTls.context().getSocketFactory()
            : (SSLSocketFactory) SSLSocketFactory.getDefault();
  }

  /** A new connection; waits for it no longer than the time allowed. */
  Connection open(Route route) throws IOException {
    Pace pace = new Pace(timeout);
    Socket socket = new PacedSocket(connect(route), pace);
    Connection connection = new Connection(route, socket, timeout, pace);
    boolean opened = false;
    try {
      if (route.tls()) {
        if (route.proxy() != null) {
          connection.openTunnel();
        }
        connection.encrypt(encrypted(route, socket));
      }
      opened = true;
      return connection;
    } finally {
      if (!opened) {
        connection.drop();
      }
    }
  }

  /** Of a host with several addresses, one that can be reached. */
  private Socket connect(Route route) throws IOException {
    InetSocketAddress hop = route.firstHop();
    IOException failure = null;
    for (InetAddress address : InetAddress.getAllByName(hop.getHostString())) {
      if (route.proxy() == null) {
        // What is connected to, for a name may lead elsewhere the next time.
        hosts.check(route.host(), address);
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

  /** Of a channel: an interrupt ends whatever waits for a channel's socket. */
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
      throw new HttpConnectTimeoutException("no connection in time");
    } finally {
      if (!connected) {
        channel.close();
      }
    }
  }

  private SSLSocket encrypted(Route route, Socket socket) throws IOException {
    SSLSocket encrypted =
        (SSLSocket) tls.createSocket(socket, route.host(), route.port(), /* autoClose= */ true);
    if (verifiesHosts) {
      SSLParameters parameters = encrypted.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      encrypted.setSSLParameters(parameters);
    }
    try {
      encrypted.startHandshake();
    } catch (SocketTimeoutException e) {
      throw new HttpTimeoutException("no TLS in time");
    }
    return encrypted;
  }
}
