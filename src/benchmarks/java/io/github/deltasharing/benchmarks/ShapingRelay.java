/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * Passes TCP connections on to a server: what a client sends (a request, for HTTP/1.1) after a
 * delay, which each answer so costs once, whatever its length; answers no faster than a rate, all
 * connections together. Thread-safe.
 */
final class ShapingRelay implements AutoCloseable {
  /** What its threads are called. */
  static final String THREAD = "shaping-relay";

  private static final int BUFFER = 256 << 10;

  private final ServerSocketChannel socket;
  private final URI server;
  private final Link link;

  /** When all bytes that were let through are over the line, by {@link System#nanoTime}. */
  private long busyUntil = System.nanoTime();

  ShapingRelay(URI server, Link link) throws IOException {
    this.server = server;
    this.link = link;
    this.socket = ServerSocketChannel.open();
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    start(this::accept);
  }

  /** Where the server is reached through the relay: its URLs come out with this origin too. */
  URI uri() {
    return URI.create(
        server.getScheme()
            + "://127.0.0.1:"
            + socket.socket().getLocalPort()
            + (server.getRawPath() == null ? "" : server.getRawPath()));
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = socket.accept();
        SocketChannel upstream =
            SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        upstream.setOption(StandardSocketOptions.TCP_NODELAY, true);
        start(() -> copy(client, upstream, this::delay));
        start(() -> copy(upstream, client, this::limit));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  /** What is done with bytes that came before they are passed on. */
  @FunctionalInterface
  private interface Shaping {
    void shape(SocketChannel from, ByteBuffer bytes) throws IOException, InterruptedException;
  }

  private static void copy(SocketChannel from, SocketChannel to, Shaping shaping) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try (from;
        to) {
      while (from.read(buffer) >= 0) {
        shaping.shape(from, buffer);
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
    } catch (IOException e) {
      // One side hung up: both are closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What comes meanwhile, as the body of a request does after its head, goes with it. */
  private void delay(SocketChannel from, ByteBuffer bytes)
      throws IOException, InterruptedException {
    if (link.delayMillis() > 0) {
      Thread.sleep(link.delayMillis());
      from.configureBlocking(false);
      from.read(bytes);
      from.configureBlocking(true);
    }
  }

  private void limit(SocketChannel from, ByteBuffer bytes) throws InterruptedException {
    if (link.bytesPerSecond() > 0) {
      long nanos = bytes.position() * 1_000_000_000L / link.bytesPerSecond();
      TimeUnit.NANOSECONDS.sleep(reserve(nanos) - System.nanoTime());
    }
  }

  /** Takes the line for some time; returns when that is over. */
  private synchronized long reserve(long nanos) {
    busyUntil = Math.max(busyUntil, System.nanoTime()) + nanos;
    return busyUntil;
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, THREAD);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
