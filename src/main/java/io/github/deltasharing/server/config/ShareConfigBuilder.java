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

/** Collects the values of a {@link ShareConfig}. Not thread-safe. */
@PublicApi
public final class ShareConfigBuilder {
  private final ConfigValues values = new ConfigValues();
  private final ConfigSettings settings = new ConfigSettings();
  private final List<StorageConfig> storage = new ArrayList<>();
  private final List<CatalogConfig> catalogs = new ArrayList<>();
  private final List<SharedShare> shares = new ArrayList<>();

  ShareConfigBuilder() {}

  /** Where to listen; {@code localhost} is 127.0.0.1. */
  public ShareConfigBuilder host(String host) {
    values.host = host;
    return this;
  }

  /** The port; 0 for any free one. */
  public ShareConfigBuilder port(int port) {
    values.port = port;
    return this;
  }

  /** The prefix of every path. */
  public ShareConfigBuilder endpoint(String endpoint) {
    values.endpoint = endpoint;
    return this;
  }

  /** The token that clients must send. */
  public ShareConfigBuilder bearerToken(String bearerToken) {
    values.bearerToken = bearerToken;
    return this;
  }

  /** Allows a server without a token: everybody who reaches it reads everything. */
  public ShareConfigBuilder allowAnonymous(boolean allowed) {
    values.anonymousAllowed = allowed;
    return this;
  }

  /**
   * Signs URLs of files and tokens with this text, 32 characters or more, so that they outlive a
   * restart and other servers with the same key take them; without one the key is a random one of
   * each start. A secret.
   */
  public ShareConfigBuilder signingKey(String key) {
    values.signingKey = key;
    return this;
  }

  /** Serves TLS. */
  public ShareConfigBuilder tls(TlsConfig tls) {
    values.tls = tls;
    return this;
  }

  /**
   * Keeps shares, recipients and grants in this directory, unless there is a {@link #database}, and
   * writes the first admin's token there.
   */
  public ShareConfigBuilder data(Path directory) {
    values.data = directory;
    return this;
  }

  /** Keeps shares, recipients and grants in this database, which several servers may share. */
  public ShareConfigBuilder database(DatabaseConfig config) {
    values.database = config;
    return this;
  }

  /** Tables below this directory may be shared by the admin API. */
  public ShareConfigBuilder allowLocation(Path directory) {
    return allowLocation(ConfigValues.uri(directory));
  }

  /** Tables below this location may be shared by the admin API. */
  public ShareConfigBuilder allowLocation(URI location) {
    values.allowedLocations.add(location);
    return this;
  }

  /**
   * Where files that are uploaded become tables, by default {@code tables} in the directory of
   * {@link #data}.
   */
  public ShareConfigBuilder publicationRoot(Path directory) {
    return publicationRoot(ConfigValues.uri(directory));
  }

  /** The same of a directory of S3 ({@code s3a://bucket/dir}) that {@link #storage} covers. */
  public ShareConfigBuilder publicationRoot(URI location) {
    values.publicationRoot = location;
    return this;
  }

  /** The longest file, in bytes, that may become a table. */
  public ShareConfigBuilder publicationUploadBytes(long bytes) {
    settings.provider.set("publicationUploadBytes", bytes);
    return this;
  }

  /** Bytes of the disk that stay free when files become tables. */
  public ShareConfigBuilder publicationReserveBytes(long bytes) {
    settings.provider.set("publicationReserveBytes", bytes);
    return this;
  }

  /** After how many days versions of publications are deleted that were replaced; 0: never. */
  public ShareConfigBuilder publicationRetentionDays(int days) {
    settings.provider.set("publicationRetentionDays", days);
    return this;
  }

  /** Scheme, host and port of activation links and profiles, where the request's are wrong. */
  public ShareConfigBuilder externalUrl(String url) {
    values.externalUrl = url;
    return this;
  }

  /** Identity providers (OpenID Connect) whose tokens recipients may sign in with. */
  public ShareConfigBuilder oidcIssuers(List<String> issuers) {
    values.oidcIssuers = issuers;
    return this;
  }

  /** Networks, such as {@code 10.0.0.0/8}, whose X-Forwarded-For header is believed. */
  public ShareConfigBuilder trustedProxies(List<String> networks) {
    values.trustedProxies = networks;
    return this;
  }

  /**
   * Writes a line of JSON for each request to this file; those before it are beside it. By default
   * it is {@code audit/audit.jsonl} in the directory of {@link #data}, and without one there is
   * none.
   */
  public ShareConfigBuilder auditLog(Path file) {
    values.auditLog = file;
    return this;
  }

  /** How many bytes a file of the audit has before another one begins. */
  public ShareConfigBuilder auditLogBytes(long bytes) {
    settings.server.set("auditLogBytes", bytes);
    return this;
  }

  /** How many older files of the audit are kept. */
  public ShareConfigBuilder auditLogFiles(int files) {
    settings.server.set("auditLogFiles", files);
    return this;
  }

  /** After how many days events of the audit leave the store. */
  public ShareConfigBuilder auditRetentionDays(int days) {
    settings.provider.set("auditRetentionDays", days);
    return this;
  }

  /** How many events of the audit stay in the store. */
  public ShareConfigBuilder auditRetentionEvents(long events) {
    settings.provider.set("auditRetentionEvents", events);
    return this;
  }

  /** Who may read the server's metrics beside the principals of a store. */
  public ShareConfigBuilder metrics(MetricsConfig config) {
    values.metrics = config;
    return this;
  }

  /**
   * How many requests, but for those of files, one recipient may send: a second in the long run,
   * and at once after a pause; 0 for any number.
   */
  public ShareConfigBuilder rateLimit(int requestsPerSecond, int burst) {
    settings.rateLimit.set("requestsPerSecond", requestsPerSecond);
    settings.rateLimit.set("burst", burst);
    return this;
  }

  /** How many requests of one address may fail to sign in each minute; 0 for any number. */
  public ShareConfigBuilder failedSignInsPerMinute(int requests) {
    settings.rateLimit.set("failedSignInsPerMinute", requests);
    return this;
  }

  /** How long a server that is to stop goes on to serve while it says that it is not ready. */
  public ShareConfigBuilder stopDelaySeconds(int seconds) {
    settings.operation.set("stopDelaySeconds", seconds);
    return this;
  }

  /** How long the URL of a file is valid. */
  public ShareConfigBuilder preSignedUrlTimeoutSeconds(long seconds) {
    settings.server.set("preSignedUrlTimeoutSeconds", seconds);
    return this;
  }

  /** How long a credential to a table's directory is valid, as far as its store can do that. */
  public ShareConfigBuilder temporaryCredentialValiditySeconds(long seconds) {
    settings.server.set("temporaryCredentialValiditySeconds", seconds);
    return this;
  }

  /** How many tables' latest snapshots are kept. */
  public ShareConfigBuilder deltaTableCacheSize(int tables) {
    settings.server.set("deltaTableCacheSize", tables);
    return this;
  }

  /** Whether a kept snapshot may be used for some seconds without looking for new commits. */
  public ShareConfigBuilder stalenessAcceptable(boolean acceptable) {
    settings.server.set("stalenessAcceptable", acceptable);
    return this;
  }

  /** Whether SQL hints skip files. */
  public ShareConfigBuilder evaluatePredicateHints(boolean evaluate) {
    settings.server.set("evaluatePredicateHints", evaluate);
    return this;
  }

  /** Whether JSON hints skip files by partition values. */
  public ShareConfigBuilder evaluateJsonPredicateHints(boolean evaluate) {
    settings.server.set("evaluateJsonPredicateHints", evaluate);
    return this;
  }

  /** Whether JSON hints skip files by statistics too. */
  public ShareConfigBuilder evaluateJsonPredicateHintsV2(boolean evaluate) {
    settings.server.set("evaluateJsonPredicateHintsV2", evaluate);
    return this;
  }

  /** How long a connection may be idle. */
  public ShareConfigBuilder requestTimeoutSeconds(long seconds) {
    settings.server.set("requestTimeoutSeconds", seconds);
    return this;
  }

  /** The most files on a page. */
  public ShareConfigBuilder queryTablePageSizeLimit(int files) {
    settings.server.set("queryTablePageSizeLimit", files);
    return this;
  }

  /** How long a page token is valid. */
  public ShareConfigBuilder queryTablePageTokenTtlMs(long millis) {
    settings.server.set("queryTablePageTokenTtlMs", millis);
    return this;
  }

  /** How long a refresh token is valid. */
  public ShareConfigBuilder refreshTokenTtlMs(long millis) {
    settings.server.set("refreshTokenTtlMs", millis);
    return this;
  }

  /** When a query of a client that can poll gets an id to poll with; 0: always, -1: never. */
  public ShareConfigBuilder asyncQueryAfterMs(long millis) {
    settings.server.set("asyncQueryAfterMs", millis);
    return this;
  }

  /** How long a query is kept after the last poll for it. */
  public ShareConfigBuilder asyncQueryTtlMs(long millis) {
    settings.server.set("asyncQueryTtlMs", millis);
    return this;
  }

  /** How many queries are kept for polling; responses to further ones come at once. */
  public ShareConfigBuilder maxAsyncQueries(int queries) {
    settings.server.set("maxAsyncQueries", queries);
    return this;
  }

  /** Bytes of the heap for file lists of tables queried last; 0 for none, -1 for a fourth. */
  public ShareConfigBuilder fileListCacheBytes(long bytes) {
    settings.server.set("fileListCacheBytes", bytes);
    return this;
  }

  /** Has the configuration read again while the server runs. */
  @Internal
  public ShareConfigBuilder source(ConfigSource file) {
    values.source = file;
    return this;
  }

  /** Adds the settings of a store: of all locations that start with its prefix. */
  @Internal
  public ShareConfigBuilder storage(StorageConfig entry) {
    storage.add(entry);
    return this;
  }

  /** Adds a catalog of Iceberg tables. */
  @Internal
  public ShareConfigBuilder catalog(CatalogConfig entry) {
    catalogs.add(entry);
    return this;
  }

  /** Adds a share with all that is in it. */
  @Internal
  public ShareConfigBuilder share(SharedShare share) {
    shares.add(share);
    return this;
  }

  /** Shares a table: the latest version only. */
  public ShareConfigBuilder table(String share, String schema, String table, Path directory) {
    return table(new SharedTable(share, schema, table, ConfigValues.uri(directory), "", false, 0));
  }

  /** Shares a table with its history: older versions and changes too. */
  public ShareConfigBuilder tableWithHistory(
      String share, String schema, String table, Path directory) {
    return table(new SharedTable(share, schema, table, ConfigValues.uri(directory), "", true, 0));
  }

  /** Shares a table, in a share and a schema that are added when they are missing. */
  @Internal
  public ShareConfigBuilder table(SharedTable table) {
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
    AccessModes.check(storage, catalogs, shares);
    ShareNames.check(shares);
    return new ShareConfig(new ConfigValues(values), this);
  }

  /** The settings that have defaults, to be set by their keys. */
  ConfigSettings settings() {
    return settings;
  }

  List<StorageConfig> storage() {
    return storage;
  }

  List<CatalogConfig> catalogs() {
    return catalogs;
  }

  List<SharedShare> shares() {
    return shares;
  }
}
