package io.github.deltasharing.transport;

import io.github.deltasharing.client.HttpClients;
import io.github.deltasharing.options.HttpSettings;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * Asks stores for ranges of bytes. The thread that asks does all of the work, into its own buffer:
 * what the JDK's client does with two more threads and two more copies took a third of the CPU time
 * of a full scan. No wait is longer than the option {@code timeout}, and an interrupt ends it at
 * once. Redirects are answers like others. Thread-safe.
 */
public final class RangeClient {
  /** Stores close idle connections after 5 s and more. */
  private static final Duration KEEP = Duration.ofSeconds(10);

  private static final Duration TRUSTED = Duration.ofSeconds(1);

  private static final Map<String, RangeClient> CLIENTS = new ConcurrentHashMap<>();

  private final Connector connector;
  private final ProxySelector proxies;
  private final IdleConnections idle = new IdleConnections(KEEP, TRUSTED);

  private RangeClient(HttpSettings settings) {
    this.connector = new Connector(settings, HttpClients.connectTimeout(settings));
    this.proxies = HttpClients.proxies(settings);
  }

  /** The JVM's client for these settings. */
  public static RangeClient of(HttpSettings settings) {
    return CLIENTS.computeIfAbsent(settings.connectionKey(), key -> new RangeClient(settings));
  }

  /**
   * Sends a GET for bytes {@code [start, end)} and waits for the head of the answer.
   *
   * @param userAgent who asks
   * @throws IllegalArgumentException if the URL is none of HTTP; the message does not quote it
   * @throws IOException if there is no answer; the message does not quote the URL
   */
  public RangeResponse get(URI uri, long start, long end, String userAgent) throws IOException {
    Route route = Route.of(uri, proxies);
    ClassicHttpRequest request = Connection.request("GET", target(uri, route));
    request.addHeader("Host", route.authority());
    request.addHeader("User-Agent", userAgent);
    request.addHeader("Accept", "*/*");
    request.addHeader("Range", "bytes=" + start + "-" + (end - 1));
    Connection kept = idle.take(route);
    if (kept != null) {
      try {
        return send(kept, request);
      } catch (SocketException | NoHttpResponseException | ConnectionClosedException e) {
        // The store closed it when it was idle, most likely, and never saw the request.
      }
    }
    return send(connector.open(route), request);
  }

  /** As it was signed. */
  private static String target(URI uri, Route route) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    return route.isForwarded() ? "http://" + route.authority() + target : target;
  }

  private RangeResponse send(Connection connection, ClassicHttpRequest request) throws IOException {
    boolean answered = false;
    try {
      RangeResponse response =
          RangeResponse.of(connection, request, connection.exchange(request), idle);
      answered = true;
      return response;
    } finally {
      if (!answered) {
        connection.drop();
      }
    }
  }
}
