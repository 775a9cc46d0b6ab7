package io.github.deltasharing.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Passes TCP connections on to a server, and what a client sends (a request, for HTTP/1.1) only
 * after a delay. Answers are not held back: each costs the delay once, whatever its length.
 * Thread-safe.
 */
final class LatencyRelay implements AutoCloseable {
  /** What its threads are called. */
  static final String THREAD = "latency-relay";

  private static final int BUFFER = 256 << 10;

  private final ServerSocketChannel socket;
  private final URI server;
  private final long delayMillis;

  LatencyRelay(URI server, long delayMillis) throws IOException {
    this.server = server;
    this.delayMillis = delayMillis;
    this.socket = ServerSocketChannel.open();
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    start(this::accept);
  }

  /** Where the server is reached through the delay: its URLs come out with this origin too. */
  URI uri() {
    return URI.create(
        "http://127.0.0.1:"
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
        start(() -> copy(client, upstream, delayMillis));
        start(() -> copy(upstream, client, 0));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  /** What comes during the delay, as the body of a request does after its head, goes with it. */
  private static void copy(SocketChannel from, SocketChannel to, long delayMillis) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try (from;
        to) {
      while (from.read(buffer) >= 0) {
        if (delayMillis > 0) {
          Thread.sleep(delayMillis);
          from.configureBlocking(false);
          from.read(buffer);
          from.configureBlocking(true);
        }
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
