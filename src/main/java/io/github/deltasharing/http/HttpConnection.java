package io.github.deltasharing.http;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
 * One connection, for one request at a time. Used by one thread at a time; {@link #drop} may come
 * from any.
 */
final class HttpConnection {
  /** What is larger goes past this buffer, straight to the reader. */
  private static final int BUFFER_BYTES = 8 << 10;

  private static final int FIRST_FINAL_STATUS = 200;

  private static final int MOST_HEADERS = 500;
  private static final int MOST_LINE_BYTES = 64 << 10;

  /** Responses before the final one: a server has no use for more than one or two. */
  private static final int MOST_INTERIM = 20;

  private static final Http1Config CONFIG =
      Http1Config.custom()
          .setBufferSize(BUFFER_BYTES)
          .setMaxLineLength(MOST_LINE_BYTES)
          .setMaxHeaderCount(MOST_HEADERS)
          .build();

  private final Route route;
  private final Socket socket;
  private final Duration timeout;
  private final Pace pace;
  private final ResponseHeadParser heads = new ResponseHeadParser(CONFIG);
  private final DefaultBHttpClientConnection http =
      new DefaultBHttpClientConnection(
          CONFIG, null, null, null, null, /* requestWriterFactory= */ null, config -> heads);

  /** When it went back to the pool, by {@link System#nanoTime}. */
  private long usedAt;

  private boolean used;

  /**
   * @param socket connected to the route's first hop
   * @param timeout for each wait
   * @param pace what the socket's reads keep
   */
  HttpConnection(Route route, Socket socket, Duration timeout, Pace pace) throws IOException {
    this.pace = pace;
    this.route = route;
    this.socket = socket;
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
   * Has the proxy open a tunnel to the host.
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

  /** Goes on over a socket with TLS, layered over this connection's. */
  void encrypt(SSLSocket encrypted) throws IOException {
    http.bind(encrypted, socket);
  }

  /**
   * Sends a request; the body of its response comes next.
   *
   * @param grant the waiting that its body is allowed at any rate
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
          throw new ProtocolException("more than " + MOST_INTERIM + " interim answers");
        }
        response = http.receiveResponseHeader();
      }
      pace.startBody(grant);
      if (MessageSupport.canResponseHaveBody(request.getMethod(), response)) {
        http.receiveResponseEntity(response);
      }
      return response;
    } catch (SocketTimeoutException e) {
      throw new HttpTimeoutException("no answer in time");
    } catch (MessageConstraintException e) {
      throw new IOException(
          "its headers have more than "
              + MOST_HEADERS
              + " lines, or one of more than "
              + (MOST_LINE_BYTES >> 10)
              + " KiB");
    } catch (HttpException e) {
      throw new IOException("the answer is not HTTP", e);
    }
  }

  /** Whether something of the response to the last request came. */
  boolean responseBegan() {
    return heads.hasBegun();
  }

  private void send(ClassicHttpRequest request) throws IOException, HttpException {
    http.sendRequestHeader(request);
    if (request.getEntity() == null) {
      http.flush();
      return;
    }
    // A body may be longer than what the other side takes without reading, and sockets have no
    // timeout for writing.
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

  /** Whether it can be used again after a response that was read to its end. */
  boolean staysOpen(ClassicHttpRequest request, ClassicHttpResponse response) {
    return DefaultConnectionReuseStrategy.INSTANCE.keepAlive(
        request, response, HttpCoreContext.create());
  }

  /** How long its reader may wait. */
  Pace pace() {
    return pace;
  }

  /** Whether no response was read from it to its end yet. */
  boolean isNew() {
    return !used;
  }

  void used() {
    used = true;
    pace.startHead();
    usedAt = System.nanoTime();
  }

  /** Whether the other side closed it. Takes a millisecond if not. */
  boolean isStale() {
    try {
      return http.isStale();
    } catch (IOException e) {
      return true;
    }
  }

  /** Ends one on which nothing is on its way. */
  void close() {
    http.close(CloseMode.GRACEFUL);
  }

  /** Ends it at once, whatever is on its way. */
  void drop() {
    http.close(CloseMode.IMMEDIATE);
  }
}
