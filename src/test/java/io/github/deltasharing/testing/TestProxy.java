/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy on a free loopback port that alone knows where its names are, so that nothing gets
 * there without it. Opens tunnels and passes plain requests on; wants a user and a password if it
 * is given some. Thread-safe; close it after use.
 */
public final class TestProxy implements AutoCloseable {
  private final Map<String, Integer> places;
  private final String authorization;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final SocketServer server = new SocketServer(this::serve);

  /**
   * @param places the ports on this machine of {@code host:port}
   * @param credentials {@code user:password}, or null for a proxy that anybody may use
   */
  public TestProxy(Map<String, Integer> places, String credentials) {
    this.places = Map.copyOf(places);
    this.authorization =
        credentials == null
            ? null
            : "Proxy-Authorization: Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  public int port() {
    return server.port();
  }

  /** What was let through: {@code CONNECT host:port}, or {@code GET http://host/path?query}. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Forgets the requests so far. */
  public void forget() {
    requests.clear();
  }

  private void serve(Socket client) throws Exception {
    List<String> head = head(client.getInputStream());
    if (head.isEmpty()) {
      return;
    }
    if (authorization != null && !head.contains(authorization)) {
      SocketServer.send(
          client,
          "HTTP/1.1 407 Who are you\nProxy-Authenticate: Basic realm=x\nContent-Length: 0\n"
              + "Connection: close\n\n");
      return;
    }
    String[] line = head.get(0).split(" ");
    requests.add(line[0] + " " + line[1]);
    if (line[0].equals("CONNECT")) {
      tunnel(client, line[1]);
    } else {
      passOn(client, line[0], line[1], head);
    }
  }

  private Socket to(String place, Socket client) throws IOException {
    Integer port = places.get(place);
    if (port == null) {
      SocketServer.send(
          client, "HTTP/1.1 502 No such host\nContent-Length: 0\nConnection: close\n\n");
      throw new IOException("no place for " + place);
    }
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private void tunnel(Socket client, String place) throws IOException {
    try (Socket onward = to(place, client)) {
      SocketServer.send(client, "HTTP/1.1 200 OK\n\n");
      joined(client, onward);
    }
  }

  /** Copies in both directions until both ends are closed. */
  public static void joined(Socket one, Socket other) {
    CompletableFuture<Void> back =
        CompletableFuture.runAsync(() -> copy(other, one), TestProxy::start);
    copy(one, other);
    back.join();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // One of them was closed, which the other has to see.
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed, then.
    }
  }

  /** One request a connection: the end of its response is the connection's. */
  private void passOn(Socket client, String method, String url, List<String> head)
      throws IOException {
    String rest = url.substring("http://".length());
    String host = rest.substring(0, rest.indexOf('/'));
    List<String> sent = new ArrayList<>();
    sent.add(method + " " + rest.substring(rest.indexOf('/')) + " HTTP/1.1");
    int length = 0;
    for (String line : head.subList(1, head.size())) {
      if (!line.startsWith("Proxy-Authorization:")) {
        sent.add(line);
      }
      if (line.startsWith("Content-Length: ")) {
        length = Integer.parseInt(line.substring("Content-Length: ".length()));
      }
    }
    sent.add("Connection: close");
    try (Socket onward = to(host.indexOf(':') < 0 ? host + ":80" : host, client)) {
      SocketServer.send(onward, String.join("\n", sent) + "\n\n");
      onward.getOutputStream().write(client.getInputStream().readNBytes(length));
      onward.getInputStream().transferTo(client.getOutputStream());
    }
  }

  /** Reads no byte of what follows. */
  private static List<String> head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n' && line.length() == 0) {
        return lines;
      }
      if (b == '\n') {
        lines.add(line.toString());
        line.setLength(0);
      } else if (b != '\r') {
        line.append((char) b);
      }
    }
    return List.of();
  }

  @Override
  public void close() {
    server.close();
  }
}
