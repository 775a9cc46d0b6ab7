/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * One HTTP/1.1 connection, for one request at a time. Driver and executors; used by one thread at a
 * time, except {@link #drop}, which any thread may call. Closed by the pool, or by the response's
 * body.
 */
final class HttpConnection {
  /** Larger reads bypass this buffer and go straight to the reader's. */
  private static final int BUFFER_BYTES = 8 << 10;

  private static final int FIRST_FINAL_STATUS = 200;

  private static final int MOST_HEADERS = 500;
  private static final int MOST_LINE_BYTES = 64 << 10;

  /** Limit of interim (1xx) responses before the final one. */
  private static final int MOST_INTERIM = 20;

  private static final Duration LONGEST_ALERT = Duration.ofMillis(500);

  private static final Http1Config CONFIG =
      Http1Config.custom()
          .setBufferSize(BUFFER_BYTES)
          .setMaxLineLength(MOST_LINE_BYTES)
          .setMaxHeaderCount(MOST_HEADERS)
          .build();

  private final Route route;
  private final Socket socket;
  private final boolean local;
  private final Duration timeout;
  private final Pace pace;
  private final ResponseHeadParser heads = new ResponseHeadParser(CONFIG);
  private final DefaultBHttpClientConnection http =
      new DefaultBHttpClientConnection(
          CONFIG, null, null, null, null, /* requestWriterFactory= */ null, config -> heads);

  /** When it was returned to the pool, by {@link System#nanoTime}. */
  private long usedAt;

  private boolean used;

  /** Null where there is no TLS. */
  private SSLSocket encrypted;

  /**
   * @param socket connected to the route's first hop
   * @param timeout for each wait
   * @param pace limits the waiting of the socket's reads
   */
  HttpConnection(Route route, Socket socket, Duration timeout, Pace pace) throws IOException {
    this.pace = pace;
    this.route = route;
    this.socket = socket;
    this.local = route.proxy() == null && socket.getInetAddress().isLoopbackAddress();
    this.timeout = timeout;
    http.bind(socket);
    http.setSocketTimeout(Timeout.of(timeout));
  }

  Route route() {
    return route;
  }

  long usedAt() {
    return usedAt;
  }

  /**
   * Opens a tunnel to the host through the proxy.
   *
   * @param authorization for the proxy, or null
   */
  void openTunnel(String authorization) throws IOException {
    ClassicHttpRequest connect = HttpRequest.message("CONNECT", route.hostAndPort());
    connect.addHeader("Host", route.hostAndPort());
    if (authorization != null) {
      connect.addHeader("Proxy-Authorization", authorization);
    }
    ClassicHttpResponse response = exchange(connect, timeout);
    if (response.getCode() / 100 != 2) {
      throw new ProxyRefusedException(response.getCode());
    }
  }

  /** Continues over a TLS socket that is layered over this connection's. */
  void encrypt(SSLSocket encrypted) throws IOException {
    this.encrypted = encrypted;
    http.bind(encrypted, socket);
  }

  /**
   * Sends a request and receives the head of its response; the body is read next.
   *
   * @param grant the waiting that the body may take at any rate
   * @throws HttpTimeoutException if no head comes in time
   */
  ClassicHttpResponse exchange(ClassicHttpRequest request, Duration grant) throws IOException {
    try {
      pace.startHead();
      heads.start();
      send(request);
      ClassicHttpResponse response = http.receiveResponseHeader();
      for (int interim = 0; response.getCode() < FIRST_FINAL_STATUS; interim++) {
        if (interim == MOST_INTERIM) {
          throw new ProtocolException("more than " + MOST_INTERIM + " interim responses");
        }
        response = http.receiveResponseHeader();
      }
      pace.startBody(grant);
      if (MessageSupport.canResponseHaveBody(request.getMethod(), response)) {
        http.receiveResponseEntity(response);
      }
      return response;
    } catch (SocketTimeoutException e) {
      throw new HttpTimeoutException("no response in time");
    } catch (MessageConstraintException e) {
      throw new IOException(
          "its headers have more than "
              + MOST_HEADERS
              + " lines, or one of more than "
              + (MOST_LINE_BYTES >> 10)
              + " KiB");
    } catch (HttpException e) {
      throw new IOException("the response is not HTTP", e);
    } catch (SSLException e) {
      throw e;
    } catch (IOException e) {
      throw encrypted == null || heads.hasBegun() ? e : alertBehind(e);
    }
  }

  /**
   * A server that wants another client certificate says so in an alert and closes the connection:
   * the request then fails before the alert is read.
   */
  private IOException alertBehind(IOException failure) {
    try {
      pace.startHead();
      pace.atMost(LONGEST_ALERT);
      encrypted.getInputStream().read();
    } catch (SSLException alert) {
      alert.addSuppressed(failure);
      return alert;
    } catch (IOException e) {
      // There is none.
    }
    return failure;
  }

  /** Whether a byte of the response to the last request was received. */
  boolean responseBegan() {
    return heads.hasBegun();
  }

  private void send(ClassicHttpRequest request) throws IOException, HttpException {
    http.sendRequestHeader(request);
    if (request.getEntity() == null) {
      http.flush();
      return;
    }
    // A body may be longer than the peer's receive buffer, and sockets have no timeout for writes.
    CompletableFuture<Void> sent = new CompletableFuture<>();
    sent.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((done, late) -> dropIf(late != null));
    try {
      http.sendRequestEntity(request);
      http.flush();
    } catch (IOException e) {
      if (sent.isCompletedExceptionally()) {
        throw new HttpTimeoutException("the request was not taken in time");
      }
      throw e;
    } finally {
      sent.complete(null);
    }
  }

  private void dropIf(boolean late) {
    if (late) {
      drop();
    }
  }

  /** Whether it can be reused once the response was read to its end. */
  boolean staysOpen(ClassicHttpRequest request, ClassicHttpResponse response) {
    return DefaultConnectionReuseStrategy.INSTANCE.keepAlive(
        request, response, HttpCoreContext.create());
  }

  /** The limit of its reader's waiting. */
  Pace pace() {
    return pace;
  }

  /** Whether it ends on this machine, and not at a proxy. */
  boolean isLocal() {
    return local;
  }

  /** Whether it has not carried a whole response yet. */
  boolean isNew() {
    return !used;
  }

  void used() {
    used = true;
    pace.startHead();
    usedAt = System.nanoTime();
  }

  /** Whether the other side closed it. Takes a millisecond if it is open. */
  boolean isStale() {
    try {
      return http.isStale();
    } catch (IOException e) {
      return true;
    }
  }

  /** Closes it while no request is in progress. */
  void close() {
    http.close(CloseMode.GRACEFUL);
  }

  /** Aborts it at once, with any request in progress. */
  void drop() {
    http.close(CloseMode.IMMEDIATE);
  }
}
