package io.github.deltasharing.transport;

import io.github.deltasharing.client.HttpClients;
import io.github.deltasharing.options.HttpSettings;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.SocketException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * Asks stores for ranges of bytes. The thread that asks does all of the work, into its own buffer:
 * what the JDK's client does with two more threads and two more copies took a third of the CPU time
 * of a full scan. No wait is longer than the option {@code timeout}, a head comes within it and a
 * body at a least rate after it ({@link Pace}), and an interrupt ends it at once. Redirects are
 * followed where {@link StoreHosts} allows: nothing goes along but what they hold themselves.
 * Thread-safe.
 */
public final class RangeClient {
  /** Stores close idle connections after 5 s and more. */
  private static final Duration KEEP = Duration.ofSeconds(10);

  private static final Duration TRUSTED = Duration.ofSeconds(1);

  private static final Map<String, RangeClient> CLIENTS = new ConcurrentHashMap<>();

  private static final int MOST_REDIRECTS = 5;

  private final Connector connector;
  private final StoreHosts hosts;
  private final ProxySelector proxies;
  private final IdleConnections idle = new IdleConnections(KEEP, TRUSTED);

  private RangeClient(HttpSettings settings) {
    this.connector = new Connector(settings, HttpClients.connectTimeout(settings));
    this.hosts = new StoreHosts(settings);
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
   * @throws RefusedUrlException if the URL, or one that it redirects to, is not to be followed
   * @throws IOException if there is no answer; the message does not quote the URL
   */
  public RangeResponse get(StoreUrl url, long start, long end, String userAgent)
      throws IOException {
    StoreUrl now = url;
    for (int redirects = 0; ; redirects++) {
      RangeResponse response = ask(now, start, end, userAgent);
      String location = response.location();
      if (location == null) {
        return response;
      }
      response.body().close();
      if (redirects == MOST_REDIRECTS) {
        throw new RefusedUrlException("it was redirected more than " + MOST_REDIRECTS + " times");
      }
      now = now.redirectedTo(location);
    }
  }

  private RangeResponse ask(StoreUrl url, long start, long end, String userAgent)
      throws IOException {
    hosts.check(url.host());
    Route route = Route.of(url, proxies);
    String target = route.isForwarded() ? "http://" + url.authority() + url.target() : url.target();
    ClassicHttpRequest request = Connection.request("GET", target);
    request.addHeader("Host", url.authority());
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
