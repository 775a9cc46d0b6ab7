/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One address of several servers: each connection goes to the next of them, or to another if that
 * one is not there. Thread-safe.
 */
public final class Relay implements AutoCloseable {
  /** Sees what a client sends before a server does. */
  @FunctionalInterface
  public interface Watcher {
    /**
     * Called with each part as it comes.
     *
     * @param port the server's
     */
    void sees(int port, String part) throws IOException;
  }

  private final ServerSocket socket;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "relay");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicInteger connections = new AtomicInteger();
  private volatile List<Integer> ports = List.of();
  private volatile Watcher watcher = (port, part) -> {};

  public Relay() {
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  public String origin() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  /** Connects to these from now on. */
  public void to(Integer... servers) {
    ports = List.of(servers);
  }

  /** Calls this with all that clients send from now on. */
  public void watch(Watcher watched) {
    watcher = watched;
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        threads.execute(() -> relay(client));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void relay(Socket client) {
    try (client;
        Socket server = connect()) {
      threads.execute(() -> back(server, client));
      InputStream in = client.getInputStream();
      byte[] part = new byte[16 << 10];
      for (int length = in.read(part); length >= 0; length = in.read(part)) {
        watcher.sees(server.getPort(), new String(part, 0, length, StandardCharsets.ISO_8859_1));
        server.getOutputStream().write(part, 0, length);
      }
    } catch (IOException e) {
      // The other side is closed too.
    }
  }

  private static void back(Socket server, Socket client) {
    try (client;
        server) {
      server.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // As above.
    }
  }

  private Socket connect() throws IOException {
    List<Integer> now = ports;
    int first = connections.getAndIncrement();
    IOException failure = new IOException("no server");
    for (int i = 0; i < now.size(); i++) {
      Socket server = new Socket();
      try {
        int port = now.get(Math.floorMod(first + i, now.size()));
        server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return server;
      } catch (IOException e) {
        server.close();
        failure = e;
      }
    }
    throw failure;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
