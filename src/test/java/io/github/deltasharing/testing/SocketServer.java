/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;

/** A server on a free loopback port whose every byte and close is scripted. Thread-safe. */
public final class SocketServer implements AutoCloseable {
  /** Serves one connection, which is closed when it returns. */
  @FunctionalInterface
  public interface Script {
    void serve(Socket connection) throws Exception;
  }

  private final ServerSocket server;
  private final List<Socket> connections = new CopyOnWriteArrayList<>();

  public SocketServer(Script script) {
    this(ServerSocketFactory.getDefault(), script);
  }

  public SocketServer(ServerSocketFactory sockets, Script script) {
    try {
      server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(() -> accept(script));
  }

  private void accept(Script script) {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        connection.setTcpNoDelay(true);
        connections.add(connection);
        start(() -> serve(connection, script));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void serve(Socket connection, Script script) {
    try (connection) {
      script.serve(connection);
    } catch (Exception e) {
      // The other side went away, which tests look at from there.
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
  }

  /** The lines of the next request's head; null at the connection's end. */
  public static List<String> head(Socket connection) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
    List<String> lines = new ArrayList<>();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.isEmpty()) {
        return lines;
      }
      lines.add(line);
    }
    return null;
  }

  /** Sends text; its line ends are those of HTTP. */
  public static void send(Socket connection, String text) throws IOException {
    connection
        .getOutputStream()
        .write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    connection.getOutputStream().flush();
  }

  public int port() {
    return server.getLocalPort();
  }

  /** How many connections were made. */
  public int connections() {
    return connections.size();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
