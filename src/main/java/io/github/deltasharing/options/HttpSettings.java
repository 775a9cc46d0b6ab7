/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;

/**
 * Settings of the HTTP stack, for the driver's requests to the sharing server and the executors' to
 * the store. Immutable, serialisable; contains the passwords of a proxy and of keys, if any. A
 * class, not a record: it travels in broadcasts, and Kryo cannot read records.
 */
public final class HttpSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int numRetries;
  private final long maxRetryMillis;
  private final long maxOutageMillis;
  private final long retrySleepMillis;
  private final long timeoutMillis;
  private final ProxySettings proxy;
  private final TlsSettings tls;
  private final String callerOrg;
  private final int maxConnections;
  private final long prefetchMemory;
  private final long cacheMemory;
  private final String storeHosts;
  private final boolean plainHttp;
  private final boolean loopbackStores;

  HttpSettings(SharingReadConf conf, OptionFiles files) {
    this.numRetries = conf.get(SharingOptions.NUM_RETRIES);
    this.maxRetryMillis = conf.get(SharingOptions.MAX_RETRY_DURATION).toMillis();
    // A number of retries that somebody chose is the number of retries.
    this.maxOutageMillis =
        conf.isSet(SharingOptions.NUM_RETRIES) && !conf.isSet(NetworkOptions.MAX_OUTAGE_DURATION)
            ? 0
            : conf.get(NetworkOptions.MAX_OUTAGE_DURATION).toMillis();
    this.retrySleepMillis = conf.get(SharingOptions.RETRY_SLEEP_INTERVAL).toMillis();
    this.timeoutMillis = conf.get(SharingOptions.TIMEOUT).toMillis();
    this.proxy = new ProxySettings(conf);
    this.tls = TlsSettings.of(conf, files);
    this.callerOrg = conf.get(SharingOptions.CALLER_ORG);
    this.maxConnections = conf.get(SharingOptions.MAX_CONNECTIONS);
    this.prefetchMemory = conf.get(SharingOptions.PREFETCH_MEMORY);
    this.storeHosts = conf.get(SharingOptions.STORE_HOSTS);
    this.cacheMemory = conf.get(SharingOptions.CACHE_MEMORY);
    this.plainHttp =
        conf.get(SharingOptions.ALLOW_PLAIN_HTTP)
            && !conf.isForbidden(AdministratorConfs.FORBID_PLAIN_HTTP);
    this.loopbackStores = false;
  }

  private HttpSettings(
      HttpSettings other, ProxySettings proxy, TlsSettings tls, boolean loopbackStores) {
    this.numRetries = other.numRetries;
    this.maxRetryMillis = other.maxRetryMillis;
    this.maxOutageMillis = other.maxOutageMillis;
    this.retrySleepMillis = other.retrySleepMillis;
    this.timeoutMillis = other.timeoutMillis;
    this.proxy = proxy;
    this.tls = tls;
    this.callerOrg = other.callerOrg;
    this.maxConnections = other.maxConnections;
    this.prefetchMemory = other.prefetchMemory;
    this.cacheMemory = other.cacheMemory;
    this.storeHosts = other.storeHosts;
    this.plainHttp = other.plainHttp;
    this.loopbackStores = loopbackStores;
  }

  private HttpSettings(
      HttpSettings other, int numRetries, Duration maxRetryDuration, Duration timeout) {
    this.numRetries = numRetries;
    this.maxRetryMillis = maxRetryDuration.toMillis();
    this.maxOutageMillis = 0;
    this.retrySleepMillis = other.retrySleepMillis;
    this.timeoutMillis = timeout.toMillis();
    this.proxy = other.proxy;
    this.tls = other.tls;
    this.callerOrg = other.callerOrg;
    this.maxConnections = other.maxConnections;
    this.prefetchMemory = other.prefetchMemory;
    this.cacheMemory = other.cacheMemory;
    this.storeHosts = other.storeHosts;
    this.plainHttp = other.plainHttp;
    this.loopbackStores = other.loopbackStores;
  }

  /** What travels to executors: without the client's key, unless an option sends it there. */
  public HttpSettings forExecutors() {
    return new HttpSettings(this, proxy, tls.forExecutors(), loopbackStores);
  }

  /** The same where data files may be on this machine, because the sharing server is. */
  public HttpSettings withLoopbackStores(boolean allowed) {
    return new HttpSettings(this, proxy, tls, allowed);
  }

  /** The same for peers that no proxy reaches. */
  public HttpSettings withoutProxy() {
    return new HttpSettings(this, ProxySettings.none(), tls, loopbackStores);
  }

  /** The same with other limits; every retry counts, in outages too. */
  public HttpSettings withLimits(int retries, Duration retryDuration, Duration wait) {
    return new HttpSettings(this, retries, retryDuration, wait);
  }

  public int numRetries() {
    return numRetries;
  }

  public Duration maxRetryDuration() {
    return Duration.ofMillis(maxRetryMillis);
  }

  /** How long retries of an unavailable peer are not counted; zero for not at all. */
  public Duration maxOutageDuration() {
    return Duration.ofMillis(maxOutageMillis);
  }

  public Duration retrySleep() {
    return Duration.ofMillis(retrySleepMillis);
  }

  public Duration timeout() {
    return Duration.ofMillis(timeoutMillis);
  }

  public ProxySettings proxy() {
    return proxy;
  }

  public TlsSettings tls() {
    return tls;
  }

  /** The organisation that is named in each request; null for none. */
  public String callerOrg() {
    return callerOrg;
  }

  /** How many requests for data files an executor makes at a time. */
  public int maxConnections() {
    return maxConnections;
  }

  /** How many prefetched bytes a task may keep in memory; 0 for none. */
  public long prefetchMemory() {
    return prefetchMemory;
  }

  /** How many bytes an executor keeps of what it fetched, for all tables; 0 for none. */
  public long cacheMemory() {
    return cacheMemory;
  }

  /** The hosts that data files may be read from, as the option says it; null for no such list. */
  public String storeHosts() {
    return storeHosts;
  }

  /** Whether {@code host} is among {@link #storeHosts}. */
  public boolean isStoreHost(String host) {
    return HostList.contains(storeHosts, host);
  }

  /** Whether {@link #storeHosts} has {@code host} itself, not only a pattern that matches it. */
  public boolean namesStoreHost(String host) {
    return HostList.names(storeHosts, host);
  }

  /** Whether data files may be read from loopback addresses. */
  public boolean loopbackStores() {
    return loopbackStores;
  }

  /** Whether credentials may be sent to other machines without TLS. */
  public boolean allowsPlainHttp() {
    return plainHttp;
  }

  /** Key of a connection pool: clients whose settings have equal keys can share connections. */
  public Object connectionKey() {
    return Arrays.asList(timeoutMillis, proxy, tls, storeHosts, loopbackStores);
  }
}
