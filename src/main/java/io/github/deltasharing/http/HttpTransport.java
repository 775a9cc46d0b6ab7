/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import io.github.deltasharing.options.HttpSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * Sends requests over pooled connections. The calling thread does all of the work and reads into
 * its own buffer; the two extra threads and copies of the JDK's client took a third of the CPU time
 * of a full scan. HTTP/1.1: ranged bulk reads gain nothing from multiplexing. No wait is longer
 * than the option {@code timeout} ({@link Pace} limits their sum), and an interrupt ends a wait at
 * once. Redirects are not followed. Driver and executors; thread-safe; lives as long as the JVM.
 */
public final class HttpTransport {
  /** Idle timeout for connections to servers, which close theirs after 30 s or more. */
  private static final Duration SERVERS_KEEP = Duration.ofSeconds(60);

  /** The waits for a body may add up to this at least, however short the option {@code timeout}. */
  private static final Duration SERVERS_GRANT = Duration.ofSeconds(60);

  /** Idle timeout for connections to stores, which close theirs after 5 s or more. */
  private static final Duration STORES_KEEP = Duration.ofSeconds(10);

  /** How long after its last use a connection is reused without a check for staleness. */
  private static final Duration TRUSTED = Duration.ofSeconds(1);

  private static final Map<Object, HttpTransport> SERVERS = new ConcurrentHashMap<>();

  private final Connector connector;
  private final Proxies proxies;
  private final List<String> secrets;
  private final Duration grant;
  private final ConnectionPool pool;

  private HttpTransport(
      HttpSettings settings, AddressCheck addresses, Duration grant, Duration keep) {
    this.proxies = new Proxies(settings.proxy());
    this.connector = new Connector(settings, addresses, proxies);
    this.secrets = proxies.secrets();
    this.grant = grant;
    this.pool = new ConnectionPool(keep, TRUSTED);
  }

  /** The JVM's transport to sharing servers with these settings. */
  public static HttpTransport toServers(HttpSettings settings) {
    return SERVERS.computeIfAbsent(
        settings.connectionKey(),
        key ->
            new HttpTransport(
                settings, (host, address) -> {}, longer(settings.timeout()), SERVERS_KEEP));
  }

  private static Duration longer(Duration timeout) {
    return timeout.compareTo(SERVERS_GRANT) > 0 ? timeout : SERVERS_GRANT;
  }

  /** A new transport to the stores of data files. */
  static HttpTransport toStores(HttpSettings settings, AddressCheck addresses) {
    return new HttpTransport(settings, addresses, settings.timeout(), STORES_KEEP);
  }

  /** The secrets of proxies, which must not show in any text about requests. */
  public List<String> secrets() {
    return secrets;
  }

  /**
   * Whether others can read what is sent to a URL: it goes to another machine, or through a proxy
   * on one, without TLS.
   */
  public boolean isExposed(HttpUrl url) {
    if (url.tls()) {
      return false;
    }
    InetSocketAddress proxy = proxies.of(url);
    return !url.isLoopback() || proxy != null && !HttpUrl.isLoopback(proxy.getHostString());
  }

  /**
   * Sends a request and waits for the head of its response. If the connection was a pooled one and
   * breaks before the first byte of a response, the request is sent once more, over a new
   * connection: most likely the other side closed the connection while it was idle and never saw
   * the request. So only requests that are safe to repeat may be sent; those of the protocol and of
   * stores all are, for they only read.
   *
   * @throws RefusedUrlException if its host has an address that may not be connected to
   * @throws IOException if there is no response; the message quotes no URL
   */
  public HttpResponse send(HttpRequest request) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      // Any use of a pooled connection would break it.
      throw new ClosedByInterruptException();
    }
    Route route = Route.of(request.url(), proxies);
    HttpConnection kept = pool.take(route);
    if (kept != null) {
      try {
        return send(kept, request);
      } catch (SocketException | NoHttpResponseException | ConnectionClosedException e) {
        if (kept.responseBegan()) {
          throw e;
        }
        // The other side closed the connection when it was idle, most likely: sent again.
      }
    }
    return send(connector.open(route), request);
  }

  private HttpResponse send(HttpConnection connection, HttpRequest request) throws IOException {
    boolean responded = false;
    try {
      ClassicHttpRequest message =
          request.over(connection.route(), proxies.authorization(connection.route()));
      HttpResponse response =
          HttpResponse.of(connection, message, connection.exchange(message, grant), pool);
      responded = true;
      return response;
    } finally {
      if (!responded) {
        connection.drop();
      }
    }
  }
}
