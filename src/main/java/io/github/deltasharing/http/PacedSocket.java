/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * A connected socket whose reads are limited by a {@link Pace}. It is below TLS, because a single
 * TLS record may arrive as slowly as a whole response. Driver and executors; read by one thread,
 * closed from any; its connection closes it.
 */
final class PacedSocket extends Socket {
  private final Socket socket;
  private final Pace pace;

  /** The timeout that was set; zero for none. */
  private volatile int timeout;

  PacedSocket(Socket socket, Pace pace) throws IOException {
    this.socket = socket;
    this.pace = pace;
    this.timeout = socket.getSoTimeout();
  }

  private final class PacedInput extends FilterInputStream {
    PacedInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int most = pace.nextWait();
      socket.setSoTimeout(timeout == 0 ? most : Math.min(timeout, most));
      long start = System.nanoTime();
      int n = 0;
      try {
        n = in.read(target, offset, length);
      } catch (SocketTimeoutException e) {
        throw timeout == 0 || most < timeout ? new Pace.TooSlow() : e;
      } finally {
        pace.waited(System.nanoTime() - start, n);
      }
      return n;
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new PacedInput(socket.getInputStream());
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return socket.getOutputStream();
  }

  @Override
  public void setSoTimeout(int millis) throws SocketException {
    timeout = millis;
    socket.setSoTimeout(millis);
  }

  @Override
  public int getSoTimeout() {
    return timeout;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  @Override
  public void shutdownInput() throws IOException {
    socket.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void setSoLinger(boolean on, int linger) throws SocketException {
    socket.setSoLinger(on, linger);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return socket.getSoLinger();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    socket.setTcpNoDelay(on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return socket.getTcpNoDelay();
  }

  @Override
  public boolean isConnected() {
    return socket.isConnected();
  }

  @Override
  public boolean isBound() {
    return socket.isBound();
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public boolean isInputShutdown() {
    return socket.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return socket.isOutputShutdown();
  }

  @Override
  public InetAddress getInetAddress() {
    return socket.getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return socket.getLocalAddress();
  }

  @Override
  public int getPort() {
    return socket.getPort();
  }

  @Override
  public int getLocalPort() {
    return socket.getLocalPort();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return socket.getRemoteSocketAddress();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return socket.getLocalSocketAddress();
  }
}
