package io.github.deltasharing.transport;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * One connection, for one request at a time. Used by one thread at a time; {@link #drop} may come
 * from any.
 */
final class Connection {
  /** What is larger goes past this buffer, straight to the reader. */
  private static final int BUFFER_BYTES = 8 << 10;

  private static final int FIRST_FINAL_STATUS = 200;

  private static final int MOST_HEADERS = 500;
  private static final int MOST_LINE_BYTES = 64 << 10;

  /** Answers before the answer: a store has no use for more than one or two. */
  private static final int MOST_INTERIM = 20;

  private final Route route;
  private final Socket socket;
  private final Timeout timeout;
  private final Pace pace;
  private final DefaultBHttpClientConnection http =
      new DefaultBHttpClientConnection(
          Http1Config.custom()
              .setBufferSize(BUFFER_BYTES)
              .setMaxLineLength(MOST_LINE_BYTES)
              .setMaxHeaderCount(MOST_HEADERS)
              .build());

  /** When it was last put by, by {@link System#nanoTime}. */
  private long usedAt;

  private boolean used;

  /**
   * @param socket connected to the route's first hop
   * @param timeout for each wait
   * @param pace what the socket's reads keep
   */
  Connection(Route route, Socket socket, Duration timeout, Pace pace) throws IOException {
    this.pace = pace;
    this.route = route;
    this.socket = socket;
    this.timeout = Timeout.of(timeout);
    http.bind(socket);
  }

  Route route() {
    return route;
  }

  long usedAt() {
    return usedAt;
  }

  /** Asks the proxy to pass on bytes. */
  void openTunnel() throws IOException {
    ClassicHttpRequest connect = request("CONNECT", route.hostAndPort());
    connect.addHeader("Host", route.hostAndPort());
    ClassicHttpResponse answer = exchange(connect);
    if (answer.getCode() / 100 != 2) {
      throw new IOException("the proxy answered HTTP " + answer.getCode());
    }
  }

  /** Goes on over a socket that encrypts what goes over this connection's. */
  void encrypt(SSLSocket encrypted) throws IOException {
    http.bind(encrypted, socket);
  }

  /**
   * A request without headers.
   *
   * @param target as it is sent: other constructors take URLs apart
   */
  static ClassicHttpRequest request(String method, String target) {
    return new BasicClassicHttpRequest(method, null, null, target);
  }

  /**
   * Sends a request; the body of its answer comes next.
   *
   * @throws HttpTimeoutException if no head comes in time
   */
  ClassicHttpResponse exchange(ClassicHttpRequest request) throws IOException {
    try {
      http.setSocketTimeout(timeout);
      pace.startHead();
      http.sendRequestHeader(request);
      http.flush();
      ClassicHttpResponse response = http.receiveResponseHeader();
      for (int interim = 0; response.getCode() < FIRST_FINAL_STATUS; interim++) {
        if (interim == MOST_INTERIM) {
          throw new ProtocolException("more than " + MOST_INTERIM + " interim answers");
        }
        response = http.receiveResponseHeader();
      }
      pace.startBody();
      if (!request.getMethod().equals("CONNECT")) {
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

  /** Whether it can be used again after an answer that was read to its end. */
  boolean staysOpen(ClassicHttpRequest request, ClassicHttpResponse response) {
    return DefaultConnectionReuseStrategy.INSTANCE.keepAlive(
        request, response, HttpCoreContext.create());
  }

  /** How long this answer's body was waited for, nanoseconds. */
  long waited() {
    return pace.waited();
  }

  /** Waits no longer than this for the next bytes. */
  void waitAtMost(Duration wait) {
    http.setSocketTimeout(Timeout.of(wait));
  }

  /** Whether no answer was read from it to its end yet. */
  boolean isNew() {
    return !used;
  }

  void used() {
    used = true;
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
