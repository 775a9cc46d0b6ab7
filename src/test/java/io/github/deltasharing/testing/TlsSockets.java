/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.function.UnaryOperator;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** Makes sockets that serve TLS, each changed before its use. */
public final class TlsSockets extends ServerSocketFactory {
  private final SSLContext context;
  private final UnaryOperator<SSLServerSocket> change;

  public TlsSockets(SSLContext context, UnaryOperator<SSLServerSocket> change) {
    this.context = context;
    this.change = change;
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
      throws IOException {
    return change.apply(
        (SSLServerSocket)
            context.getServerSocketFactory().createServerSocket(port, backlog, address));
  }
}
