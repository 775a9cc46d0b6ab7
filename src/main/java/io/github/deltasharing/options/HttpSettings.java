package io.github.deltasharing.options;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How HTTP is spoken, by the driver to the sharing server and by executors to the store. Immutable,
 * serialisable; holds no secret. A class, not a record: it travels in broadcasts, and Kryo cannot
 * read records.
 */
public final class HttpSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int numRetries;
  private final long maxRetryMillis;
  private final long retrySleepMillis;
  private final long timeoutMillis;
  private final String proxyHost;
  private final int proxyPort;
  private final String noProxyHosts;
  private final boolean trustAll;
  private final int maxConnections;
  private final long prefetchMemory;
  private final long cacheMemory;
  private final String storeHosts;

  HttpSettings(SharingReadConf conf) {
    this.numRetries = conf.get(SharingOptions.NUM_RETRIES);
    this.maxRetryMillis = conf.get(SharingOptions.MAX_RETRY_DURATION).toMillis();
    this.retrySleepMillis = conf.get(SharingOptions.RETRY_SLEEP_INTERVAL).toMillis();
    this.timeoutMillis = conf.get(SharingOptions.TIMEOUT).toMillis();
    this.proxyHost = conf.get(SharingOptions.PROXY_HOST);
    Integer port = conf.get(SharingOptions.PROXY_PORT);
    this.proxyPort = port == null ? -1 : port;
    String direct = conf.get(SharingOptions.NO_PROXY_HOSTS);
    this.noProxyHosts = direct == null ? "" : direct;
    this.trustAll = conf.get(SharingOptions.SSL_TRUST_ALL);
    this.maxConnections = conf.get(SharingOptions.MAX_CONNECTIONS);
    this.prefetchMemory = conf.get(SharingOptions.PREFETCH_MEMORY);
    this.storeHosts = conf.get(SharingOptions.STORE_HOSTS);
    this.cacheMemory = conf.get(SharingOptions.CACHE_MEMORY);
  }

  public int numRetries() {
    return numRetries;
  }

  public Duration maxRetryDuration() {
    return Duration.ofMillis(maxRetryMillis);
  }

  public Duration retrySleep() {
    return Duration.ofMillis(retrySleepMillis);
  }

  public Duration timeout() {
    return Duration.ofMillis(timeoutMillis);
  }

  /** The proxy's host, or null for Java's own proxy settings. */
  public String proxyHost() {
    return proxyHost;
  }

  public int proxyPort() {
    return proxyPort;
  }

  public boolean trustAll() {
    return trustAll;
  }

  /** How many requests for data files an executor makes at a time. */
  public int maxConnections() {
    return maxConnections;
  }

  /** How many bytes a task may hold that it fetched ahead; 0 for none. */
  public long prefetchMemory() {
    return prefetchMemory;
  }

  /** How many bytes an executor keeps of what it fetched, for all tables; 0 for none. */
  public long cacheMemory() {
    return cacheMemory;
  }

  /** Whether {@code host} is to be reached without the proxy. */
  public boolean isDirect(String host) {
    return isAmong(host, noProxyHosts);
  }

  /** The hosts that data files may be read from, as the option says it; null for no such list. */
  public String storeHosts() {
    return storeHosts;
  }

  /** Whether {@code host} is among {@link #storeHosts}. */
  public boolean isStoreHost(String host) {
    return isAmong(host, storeHosts);
  }

  private static boolean isAmong(String host, String hosts) {
    String name = host.toLowerCase(Locale.ROOT);
    for (String entry : List.of(hosts.toLowerCase(Locale.ROOT).split(","))) {
      String pattern = entry.trim();
      if (pattern.startsWith("*.") ? name.endsWith(pattern.substring(1)) : name.equals(pattern)) {
        return true;
      }
    }
    return false;
  }

  /** A key under which clients with the same connection-level settings can be shared. */
  public String connectionKey() {
    return String.join(
        "|",
        "" + timeoutMillis,
        "" + proxyHost,
        "" + proxyPort,
        noProxyHosts,
        "" + trustAll,
        "" + storeHosts);
  }
}
