/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import io.github.deltasharing.annotation.Internal;
import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.Shares;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
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

  private ShareConfig(ConfigValues values, Builder checked) {
    this.values = values;
    this.settings = checked.settings.server.build();
    this.providerSettings = checked.settings.provider.build();
    this.rateLimit = checked.settings.rateLimit.build();
    this.operation = checked.settings.operation.build();
    this.storage = List.copyOf(checked.storage);
    this.catalogs = List.copyOf(checked.catalogs);
    this.shares = List.copyOf(checked.shares);
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
  public static Builder builder() {
    return new Builder();
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

  /** Collects the values of a {@link ShareConfig}. Not thread-safe. */
  public static final class Builder {
    private final ConfigValues values = new ConfigValues();
    private final ConfigSettings settings = new ConfigSettings();
    private final List<StorageConfig> storage = new ArrayList<>();
    private final List<CatalogConfig> catalogs = new ArrayList<>();
    private final List<SharedShare> shares = new ArrayList<>();

    private Builder() {}

    /** Where to listen; {@code localhost} is 127.0.0.1. */
    public Builder host(String host) {
      values.host = host;
      return this;
    }

    /** The port; 0 for any free one. */
    public Builder port(int port) {
      values.port = port;
      return this;
    }

    /** The prefix of every path. */
    public Builder endpoint(String endpoint) {
      values.endpoint = endpoint;
      return this;
    }

    /** The token that clients must send. */
    public Builder bearerToken(String bearerToken) {
      values.bearerToken = bearerToken;
      return this;
    }

    /** Allows a server without a token: everybody who reaches it reads everything. */
    public Builder allowAnonymous(boolean allowed) {
      values.anonymousAllowed = allowed;
      return this;
    }

    /**
     * Signs URLs of files and tokens with this text, 32 characters or more, so that they outlive a
     * restart and other servers with the same key take them; without one the key is a random one of
     * each start. A secret.
     */
    public Builder signingKey(String key) {
      values.signingKey = key;
      return this;
    }

    /** Serves TLS. */
    public Builder tls(TlsConfig tls) {
      values.tls = tls;
      return this;
    }

    /**
     * Keeps shares, recipients and grants in this directory, unless there is a {@link #database},
     * and writes the first admin's token there.
     */
    public Builder data(Path directory) {
      values.data = directory;
      return this;
    }

    /** Keeps shares, recipients and grants in this database, which several servers may share. */
    public Builder database(DatabaseConfig config) {
      values.database = config;
      return this;
    }

    /** Tables below this directory may be shared by the admin API. */
    public Builder allowLocation(Path directory) {
      return allowLocation(ConfigValues.uri(directory));
    }

    /** Tables below this location may be shared by the admin API. */
    public Builder allowLocation(URI location) {
      values.allowedLocations.add(location);
      return this;
    }

    /**
     * Where files that are uploaded become tables, by default {@code tables} in the directory of
     * {@link #data}.
     */
    public Builder publicationRoot(Path directory) {
      return publicationRoot(ConfigValues.uri(directory));
    }

    /** The same of a directory of S3 ({@code s3a://bucket/dir}) that {@link #storage} covers. */
    public Builder publicationRoot(URI location) {
      values.publicationRoot = location;
      return this;
    }

    /** The longest file, in bytes, that may become a table. */
    public Builder publicationUploadBytes(long bytes) {
      settings.provider.set("publicationUploadBytes", bytes);
      return this;
    }

    /** Bytes of the disk that stay free when files become tables. */
    public Builder publicationReserveBytes(long bytes) {
      settings.provider.set("publicationReserveBytes", bytes);
      return this;
    }

    /** After how many days versions of publications are deleted that were replaced; 0: never. */
    public Builder publicationRetentionDays(int days) {
      settings.provider.set("publicationRetentionDays", days);
      return this;
    }

    /** Scheme, host and port of activation links and profiles, where the request's are wrong. */
    public Builder externalUrl(String url) {
      values.externalUrl = url;
      return this;
    }

    /** Identity providers (OpenID Connect) whose tokens recipients may sign in with. */
    public Builder oidcIssuers(List<String> issuers) {
      values.oidcIssuers = issuers;
      return this;
    }

    /** Networks, such as {@code 10.0.0.0/8}, whose X-Forwarded-For header is believed. */
    public Builder trustedProxies(List<String> networks) {
      values.trustedProxies = networks;
      return this;
    }

    /**
     * Writes a line of JSON for each request to this file; those before it are beside it. By
     * default it is {@code audit/audit.jsonl} in the directory of {@link #data}, and without one
     * there is none.
     */
    public Builder auditLog(Path file) {
      values.auditLog = file;
      return this;
    }

    /** How many bytes a file of the audit has before another one begins. */
    public Builder auditLogBytes(long bytes) {
      settings.server.set("auditLogBytes", bytes);
      return this;
    }

    /** How many older files of the audit are kept. */
    public Builder auditLogFiles(int files) {
      settings.server.set("auditLogFiles", files);
      return this;
    }

    /** After how many days events of the audit leave the store. */
    public Builder auditRetentionDays(int days) {
      settings.provider.set("auditRetentionDays", days);
      return this;
    }

    /** How many events of the audit stay in the store. */
    public Builder auditRetentionEvents(long events) {
      settings.provider.set("auditRetentionEvents", events);
      return this;
    }

    /** Who may read the server's metrics beside the principals of a store. */
    public Builder metrics(MetricsConfig config) {
      values.metrics = config;
      return this;
    }

    /**
     * How many requests, but for those of files, one recipient may send: a second in the long run,
     * and at once after a pause; 0 for any number.
     */
    public Builder rateLimit(int requestsPerSecond, int burst) {
      settings.rateLimit.set("requestsPerSecond", requestsPerSecond);
      settings.rateLimit.set("burst", burst);
      return this;
    }

    /** How many requests of one address may fail to sign in each minute; 0 for any number. */
    public Builder failedSignInsPerMinute(int requests) {
      settings.rateLimit.set("failedSignInsPerMinute", requests);
      return this;
    }

    /** How long a server that is to stop goes on to serve while it says that it is not ready. */
    public Builder stopDelaySeconds(int seconds) {
      settings.operation.set("stopDelaySeconds", seconds);
      return this;
    }

    /** How long the URL of a file is valid. */
    public Builder preSignedUrlTimeoutSeconds(long seconds) {
      settings.server.set("preSignedUrlTimeoutSeconds", seconds);
      return this;
    }

    /** How long a credential to a table's directory is valid, as far as its store can do that. */
    public Builder temporaryCredentialValiditySeconds(long seconds) {
      settings.server.set("temporaryCredentialValiditySeconds", seconds);
      return this;
    }

    /** How many tables' latest snapshots are kept. */
    public Builder deltaTableCacheSize(int tables) {
      settings.server.set("deltaTableCacheSize", tables);
      return this;
    }

    /** Whether a kept snapshot may be used for some seconds without looking for new commits. */
    public Builder stalenessAcceptable(boolean acceptable) {
      settings.server.set("stalenessAcceptable", acceptable);
      return this;
    }

    /** Whether SQL hints skip files. */
    public Builder evaluatePredicateHints(boolean evaluate) {
      settings.server.set("evaluatePredicateHints", evaluate);
      return this;
    }

    /** Whether JSON hints skip files by partition values. */
    public Builder evaluateJsonPredicateHints(boolean evaluate) {
      settings.server.set("evaluateJsonPredicateHints", evaluate);
      return this;
    }

    /** Whether JSON hints skip files by statistics too. */
    public Builder evaluateJsonPredicateHintsV2(boolean evaluate) {
      settings.server.set("evaluateJsonPredicateHintsV2", evaluate);
      return this;
    }

    /** How long a connection may be idle. */
    public Builder requestTimeoutSeconds(long seconds) {
      settings.server.set("requestTimeoutSeconds", seconds);
      return this;
    }

    /** The most files on a page. */
    public Builder queryTablePageSizeLimit(int files) {
      settings.server.set("queryTablePageSizeLimit", files);
      return this;
    }

    /** How long a page token is valid. */
    public Builder queryTablePageTokenTtlMs(long millis) {
      settings.server.set("queryTablePageTokenTtlMs", millis);
      return this;
    }

    /** How long a refresh token is valid. */
    public Builder refreshTokenTtlMs(long millis) {
      settings.server.set("refreshTokenTtlMs", millis);
      return this;
    }

    /** When a query of a client that can poll gets an id to poll with; 0: always, -1: never. */
    public Builder asyncQueryAfterMs(long millis) {
      settings.server.set("asyncQueryAfterMs", millis);
      return this;
    }

    /** How long a query is kept after the last poll for it. */
    public Builder asyncQueryTtlMs(long millis) {
      settings.server.set("asyncQueryTtlMs", millis);
      return this;
    }

    /** How many queries are kept for polling; responses to further ones come at once. */
    public Builder maxAsyncQueries(int queries) {
      settings.server.set("maxAsyncQueries", queries);
      return this;
    }

    /** Bytes of the heap for file lists of tables queried last; 0 for none, -1 for a fourth. */
    public Builder fileListCacheBytes(long bytes) {
      settings.server.set("fileListCacheBytes", bytes);
      return this;
    }

    /** Has the configuration read again while the server runs. */
    @Internal
    public Builder source(ConfigSource file) {
      values.source = file;
      return this;
    }

    /** Adds the settings of a store: of all locations that start with its prefix. */
    @Internal
    public Builder storage(StorageConfig entry) {
      storage.add(entry);
      return this;
    }

    /** Adds a catalog of Iceberg tables. */
    @Internal
    public Builder catalog(CatalogConfig entry) {
      catalogs.add(entry);
      return this;
    }

    /** Adds a share with all that is in it. */
    @Internal
    public Builder share(SharedShare share) {
      shares.add(share);
      return this;
    }

    /** Shares a table: the latest version only. */
    public Builder table(String share, String schema, String table, Path directory) {
      return table(
          new SharedTable(share, schema, table, ConfigValues.uri(directory), "", false, 0));
    }

    /** Shares a table with its history: older versions and changes too. */
    public Builder tableWithHistory(String share, String schema, String table, Path directory) {
      return table(new SharedTable(share, schema, table, ConfigValues.uri(directory), "", true, 0));
    }

    /** Shares a table, in a share and a schema that are added when they are missing. */
    @Internal
    public Builder table(SharedTable table) {
      Shares.add(shares, table);
      return this;
    }

    /**
     * Checks the values and makes the configuration.
     *
     * @throws ConfigException when a value is wrong; the message names its key
     */
    public ShareConfig build() {
      values.check();
      StorageConfig.check(storage);
      CatalogConfig.check(catalogs, shares);
      values.checkPublicationRoot(storage);
      AccessModes.check(storage, shares);
      ShareNames.check(shares);
      return new ShareConfig(new ConfigValues(values), this);
    }

    /** The settings that have defaults, to be set by their keys. */
    ConfigSettings settings() {
      return settings;
    }
  }
}
