/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.annotation.PublicApi;
import java.time.Duration;
import java.util.List;

/**
 * Options of a read about proxies, certificates and outages that the upstream connector does not
 * have. Among {@link SharingOptions#ALL}.
 */
@PublicApi
public final class NetworkOptions {
  public static final ConfigOption<Duration> MAX_OUTAGE_DURATION =
      ConfigOption.duration(
          "maxOutageDuration",
          Duration.ofMinutes(2),
          "ms",
          "How long a query that has begun rides out an outage: while a store, or a server that it has had a response"
              + " from, is unavailable (429, 502, 503, 504, or no connection where there was one before), its retries are not counted against"
              + " `numRetries` for this long. `maxRetryDuration` limits it too. `0s`, or a `numRetries` without this"
              + " option: they are always counted.");

  public static final ConfigOption<String> PROXY_USER =
      ConfigOption.text(
          "proxyUser",
          "As whom the proxy of `proxyHost` is used (HTTP Basic). Together with `proxyPassword`.");

  public static final ConfigOption<String> PROXY_PASSWORD =
      ConfigOption.text(
          "proxyPassword",
          "The password for `proxyUser`, or `env:NAME` for an environment variable of the driver and of each executor."
              + " A password given here travels to executors within tasks; a variable's value does not.");

  public static final ConfigOption<Boolean> PROXY_FROM_ENVIRONMENT =
      ConfigOption.flag(
          "proxyFromEnvironment",
          true,
          "Where neither `proxyHost` nor Java's settings name a proxy: take that of the environment variables"
              + " `https_proxy`, `http_proxy` and `no_proxy` (or in upper case), the driver its own and each executor"
              + " its own.");

  public static final ConfigOption<String> SSL_TRUST_STORE =
      ConfigOption.text(
          "sslTrustStore",
          "Certificate authorities that are trusted besides Java's own: any Hadoop path of a PEM file or of a key store"
              + " (PKCS #12, JKS), or the PEM text itself. The driver reads it, executors get it from there.");

  public static final ConfigOption<String> SSL_TRUST_STORE_PASSWORD =
      ConfigOption.text(
          "sslTrustStorePassword",
          "The password of the key store of `sslTrustStore`, or `env:NAME`, as for `proxyPassword`.");

  public static final ConfigOption<String> SSL_KEY_STORE =
      ConfigOption.text(
          "sslKeyStore",
          "The key and certificate shown to servers that want a client certificate (mutual TLS): any Hadoop path of a"
              + " key store (PKCS #12, JKS) or of a PEM file with both. The driver reads it. Executors, which talk to"
              + " stores, get it if `sslKeyStoreOnExecutors` is set.");

  public static final ConfigOption<String> SSL_KEY_STORE_PASSWORD =
      ConfigOption.text(
          "sslKeyStorePassword",
          "The password of `sslKeyStore` and of its key, or `env:NAME`, as for `proxyPassword`.");

  public static final ConfigOption<Boolean> SSL_KEY_STORE_ON_EXECUTORS =
      ConfigOption.flag(
          "sslKeyStoreOnExecutors",
          false,
          "Show the certificate of `sslKeyStore` to stores too. The key and its password then travel to executors"
              + " within tasks; without it they stay on the driver.");

  public static final ConfigOption<String> SSL_MIN_VERSION =
      ConfigOption.oneOf(
          "sslMinVersion",
          List.of("TLSv1.2", "TLSv1.3"),
          "The least TLS version that is spoken. Unset: Java's own, which is 1.2 unless it is configured otherwise.");

  private NetworkOptions() {}
}
