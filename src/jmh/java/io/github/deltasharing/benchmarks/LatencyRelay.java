package io.github.deltasharing.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

/**
 * Passes TCP connections on to a server, and what a client sends (a request, for HTTP/1.1) only
 * after a delay. Answers are not held back: each costs the delay once, whatever its length.
 * Thread-safe.
 */
final class LatencyRelay implements AutoCloseable {
  /** What its threads are called. */
  static final String THREAD = "latency-relay";

  private static final int BUFFER = 64 << 10;

  private final ServerSocket socket;
  private final URI server;
  private final long delayMillis;

  LatencyRelay(URI server, long delayMillis) throws IOException {
    this.server = server;
    this.delayMillis = delayMillis;
    this.socket = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** Where the server is reached through the delay: its URLs come out with this origin too. */
  URI uri() {
    return URI.create(
        "http://127.0.0.1:"
            + socket.getLocalPort()
            + (server.getRawPath() == null ? "" : server.getRawPath()));
  }

  private void accept() {
    try {
      while (true) {
        Socket client = socket.accept();
        Socket upstream = new Socket(server.getHost(), server.getPort());
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        start(() -> copy(client, upstream, delayMillis));
        start(() -> copy(upstream, client, 0));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void copy(Socket from, Socket to, long delayMillis) {
    byte[] buffer = new byte[BUFFER];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        Thread.sleep(delayMillis);
        out.write(buffer, 0, n);
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
