/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import io.github.deltasharing.annotation.Internal;
import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.server.share.SharedShare;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a {@code SharingServer} needs to know: where it listens, what clients must send, what is
 * shared. Read from the reference server's {@code share.yaml} with {@link #read(Path)} or made with
 * {@link #builder()}. Immutable.
 */
@PublicApi
public final class ShareConfig {
  private final ConfigValues values;
  private final ServerSettings settings;
  private final ProviderSettings providerSettings;
  private final RateLimitSettings rateLimit;
  private final OperationSettings operation;
  private final List<StorageConfig> storage;
  private final List<CatalogConfig> catalogs;
  private final List<SharedShare> shares;

  ShareConfig(ConfigValues values, ShareConfigBuilder checked) {
    this.values = values;
    this.settings = checked.settings().server.build();
    this.providerSettings = checked.settings().provider.build();
    this.rateLimit = checked.settings().rateLimit.build();
    this.operation = checked.settings().operation.build();
    this.storage = List.copyOf(checked.storage());
    this.catalogs = List.copyOf(checked.catalogs());
    this.shares = List.copyOf(checked.shares());
  }

  /**
   * Reads a {@code share.yaml}. Relative paths in it are relative to its directory.
   *
   * @throws ConfigException when the file cannot be read or a value is wrong
   */
  public static ShareConfig read(Path file) {
    return ShareConfigReader.read(file).build();
  }

  /** Starts a configuration with the defaults of {@code share.yaml} and nothing shared. */
  public static ShareConfigBuilder builder() {
    return new ShareConfigBuilder();
  }

  /** The host name or address to listen on. */
  public String host() {
    return values.host;
  }

  /** The port to listen on, 0 for any free one. */
  public int port() {
    return values.port;
  }

  /** The prefix of every path, such as {@code /delta-sharing}; no slash at its end. */
  public String endpoint() {
    return values.endpoint;
  }

  /** The token that clients must send; empty only when anonymous clients were allowed. */
  public Optional<String> bearerToken() {
    return Optional.ofNullable(values.bearerToken);
  }

  /** What signs URLs and tokens: a secret; empty for a random key of each start. */
  public Optional<String> signingKey() {
    return Optional.ofNullable(values.signingKey);
  }

  /** How to serve TLS; empty for plain HTTP. */
  public Optional<TlsConfig> tls() {
    return Optional.ofNullable(values.tls);
  }

  /** The settings that have defaults. */
  @Internal
  public ServerSettings settings() {
    return settings;
  }

  /** The store of shares, recipients and grants; empty when the configuration says it all. */
  public Optional<ProviderConfig> provider() {
    return values.provider();
  }

  /** The file of the audit: {@code audit/audit.jsonl} of the store's directory by default. */
  public Optional<Path> auditLog() {
    return values.auditLog();
  }

  /** Whether clients without a token see the configuration's shares. */
  @Internal
  public boolean anonymousAllowed() {
    return values.anonymousAllowed;
  }

  /** The settings of a server with a store. */
  @Internal
  public ProviderSettings providerSettings() {
    return providerSettings;
  }

  /** How many requests are taken of whom. */
  @Internal
  public RateLimitSettings rateLimit() {
    return rateLimit;
  }

  /** Where it is read again while the server runs; empty if it is in no file. */
  @Internal
  public Optional<ConfigSource> source() {
    return Optional.ofNullable(values.source);
  }

  /** How the server is run. */
  @Internal
  public OperationSettings operation() {
    return operation;
  }

  /** Who may read the server's metrics. */
  @Internal
  public MetricsConfig metrics() {
    return values.metrics;
  }

  /** Proxies whose {@code X-Forwarded-For} is believed. */
  @Internal
  public List<String> trustedProxies() {
    return values.trustedProxies;
  }

  /** The stores that need settings. */
  @Internal
  public List<StorageConfig> storage() {
    return storage;
  }

  /** The catalogs of Iceberg tables. */
  @Internal
  public List<CatalogConfig> catalogs() {
    return catalogs;
  }

  /** What is shared. */
  @Internal
  public List<SharedShare> shares() {
    return shares;
  }

  @Override
  public String toString() {
    return "ShareConfig[%s:%d%s, %d shares, %s]"
        .formatted(
            host(),
            port(),
            endpoint(),
            shares.size(),
            bearerToken().isPresent() ? "token" : "open");
  }
}
