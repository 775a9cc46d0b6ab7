/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A connection over which a test sends what no client library would. */
final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 120_000;

  private final Socket socket = new Socket();
  private final InputStream in;

  RawClient(URI server) {
    try {
      // Small, so that a client that does not read is soon noticed.
      socket.setReceiveBufferSize(4096);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
      in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawClient send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A request's head, with the token and a length. */
  static String post(URI server, String path, String token, long length) {
    return "POST %s%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
        .formatted(server.getPath(), path, token, length);
  }

  InputStream in() {
    return in;
  }

  /** The answer's first line; empty when the connection was closed without one. */
  String status() {
    StringBuilder line = new StringBuilder();
    try {
      for (int b = in.read(); b >= 0 && b != '\r'; b = in.read()) {
        line.append((char) b);
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      // Reset: what came before it counts.
    }
    return line.toString();
  }

  /** What comes until the connection is closed. */
  String rest() {
    StringBuilder text = new StringBuilder();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        text.append((char) b);
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      // Reset: what came before it counts.
    }
    return text.toString();
  }

  /** Whether the server closed the connection, nothing having been sent on it. Waits for 1 ms. */
  boolean isClosedByServer() {
    try {
      socket.setSoTimeout(1);
      return in.read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    } finally {
      restoreTimeout();
    }
  }

  private void restoreTimeout() {
    try {
      socket.setSoTimeout(TIMEOUT_MILLIS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
