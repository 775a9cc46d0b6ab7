/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP server for bodies that no well-behaved one sends: a script writes the answer to the
 * socket. Serves one request after another on a connection, each connection in a thread.
 */
public final class RawServer implements AutoCloseable {
  /** Writes head and body. */
  @FunctionalInterface
  public interface Script {
    void answer(OutputStream out, Socket connection) throws Exception;
  }

  private final SocketServer sockets;
  private final Script script;

  public RawServer(Script script) {
    this.script = script;
    this.sockets = new SocketServer(this::serve);
  }

  public String url() {
    return "http://127.0.0.1:" + sockets.port() + "/";
  }

  /** How many connections were opened. */
  public int connections() {
    return sockets.connections();
  }

  /** The head of a 200 with these header lines. */
  public static void head(OutputStream out, String... headers) throws IOException {
    String head = "HTTP/1.1 200 OK\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private void serve(Socket connection) throws Exception {
    OutputStream out = connection.getOutputStream();
    while (SocketServer.head(connection) != null) {
      script.answer(out, connection);
      out.flush();
    }
  }

  @Override
  public void close() {
    sockets.close();
  }
}
