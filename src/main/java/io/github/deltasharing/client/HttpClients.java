package io.github.deltasharing.client;

import io.github.deltasharing.options.HttpSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The JVM's HTTP clients, one for each set of connection settings, so that connections are kept
 * alive and reused by all reads. Thread-safe. HTTP/1.1: ranged bulk reads gain nothing from
 * multiplexing.
 */
public final class HttpClients {
  /** No longer than this is waited for a connection, so that an unreachable host is tried again. */
  static final Duration LONGEST_CONNECT = Duration.ofSeconds(30);

  /**
   * The size of the JDK client's buffers: a JVM's, looked at when its first client is made. With
   * the 16 KiB that it takes unasked, bulk reads cost it twice the CPU.
   */
  private static final String BUFFER_PROPERTY = "jdk.httpclient.bufsize";

  static final int BUFFER_BYTES = 64 << 10;

  private static final Map<String, HttpClient> CLIENTS = new ConcurrentHashMap<>();

  static {
    if (System.getProperty(BUFFER_PROPERTY) == null) {
      System.setProperty(BUFFER_PROPERTY, Integer.toString(BUFFER_BYTES));
    }
  }

  private HttpClients() {}

  /** The client for these settings; never close it. */
  public static HttpClient of(HttpSettings settings) {
    return CLIENTS.computeIfAbsent(settings.connectionKey(), key -> create(settings));
  }

  private static HttpClient create(HttpSettings settings) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(connectTimeout(settings))
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(proxies(settings));
    if (settings.trustAll()) {
      builder.sslContext(TrustingTls.context());
    }
    return builder.build();
  }

  /** How long to wait for a connection. */
  public static Duration connectTimeout(HttpSettings settings) {
    return settings.timeout().compareTo(LONGEST_CONNECT) < 0 ? settings.timeout() : LONGEST_CONNECT;
  }

  /** Which proxy leads to a host; Java's own answer where the options name none; may be null. */
  public static ProxySelector proxies(HttpSettings settings) {
    return settings.proxyHost() == null ? ProxySelector.getDefault() : new FixedProxy(settings);
  }

  private static final class FixedProxy extends ProxySelector {
    private final HttpSettings settings;
    private final List<Proxy> proxies;

    FixedProxy(HttpSettings settings) {
      this.settings = settings;
      this.proxies =
          List.of(
              new Proxy(
                  Proxy.Type.HTTP,
                  // Resolved by each connection: the client outlives a proxy's address.
                  InetSocketAddress.createUnresolved(settings.proxyHost(), settings.proxyPort())));
    }

    @Override
    public List<Proxy> select(URI uri) {
      return settings.isDirect(host(uri)) ? List.of(Proxy.NO_PROXY) : proxies;
    }

    /** {@link URI} knows no host with an underscore. */
    private static String host(URI uri) {
      return uri.getHost() == null
          ? uri.getRawAuthority().replaceFirst(":\\d*$", "")
          : uri.getHost();
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      // The request that failed reports it.
    }
  }
}
