/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The values of a {@link ShareConfig} that are neither settings with defaults, nor stores, nor what
 * is shared. Its builder sets them, the configuration has a copy that nobody changes.
 */
final class ConfigValues {
  private static final int LEAST_KEY_CHARACTERS = 32;

  String host = "localhost";
  int port = 80;
  String endpoint = "/delta-sharing";
  String bearerToken;
  boolean anonymousAllowed;
  TlsConfig tls;
  String signingKey;
  Path data;
  DatabaseConfig database;
  final List<URI> allowedLocations = new ArrayList<>();
  String externalUrl;
  URI publicationRoot;
  List<String> oidcIssuers = List.of();
  List<String> trustedProxies = List.of();
  Path auditLog;
  MetricsConfig metrics = MetricsConfig.NONE;
  ConfigSource source;

  ConfigValues() {}

  ConfigValues(ConfigValues other) {
    host = other.host;
    port = other.port;
    endpoint = other.endpoint;
    bearerToken = other.bearerToken;
    tls = other.tls;
    signingKey = other.signingKey;
    anonymousAllowed = other.anonymousAllowed;
    data = other.data;
    database = other.database;
    allowedLocations.addAll(other.allowedLocations);
    externalUrl = other.externalUrl;
    publicationRoot = other.publicationRoot;
    oidcIssuers = List.copyOf(other.oidcIssuers);
    trustedProxies = List.copyOf(other.trustedProxies);
    auditLog = other.auditLog;
    metrics = other.metrics;
    source = other.source;
  }

  /** The store; empty when there is none. */
  Optional<ProviderConfig> provider() {
    if (data == null && database == null) {
      return Optional.empty();
    }
    return Optional.of(
        new ProviderConfig(
            Optional.ofNullable(data),
            database == null ? DatabaseConfig.embedded(data) : database,
            allowedLocations,
            Optional.ofNullable(externalUrl),
            Optional.ofNullable(publicationRoot)
                .or(
                    () ->
                        Optional.ofNullable(data)
                            .map(directory -> uri(directory.resolve(ProviderConfig.TABLES)))),
            oidcIssuers,
            trustedProxies));
  }

  /** The file of the audit; empty when there is none. */
  Optional<Path> auditLog() {
    return Optional.ofNullable(auditLog)
        .or(() -> Optional.ofNullable(data).map(store -> store.resolve("audit/audit.jsonl")));
  }

  /**
   * Refuses values that are wrong.
   *
   * @throws ConfigException with the key of one
   */
  void check() {
    require(host != null && !host.isBlank(), "host", host, "a host name or an address");
    require(port >= 0 && port <= 65_535, "port", port, "a number from 0 to 65535");
    require(endpoint.matches("/[A-Za-z0-9._~/-]*[A-Za-z0-9._~-]"), "endpoint", endpoint, "a path");
    require(
        !endpoint.matches("/(api/2\\.1/opensharing|api-docs|health|iceberg|metrics|ui)(/.*)?"),
        "endpoint",
        endpoint,
        "a path that the server has nothing else at");
    if (bearerToken == null && !anonymousAllowed && provider().isEmpty()) {
      throw new ConfigException(
          "authorization.bearerToken is missing: without it everybody who reaches the server"
              + " reads every table. Set it, or start the server with --allow-anonymous");
    }
    if (bearerToken != null && bearerToken.isBlank()) {
      throw new ConfigException("authorization.bearerToken is empty: give it a value");
    }
    if (signingKey != null && signingKey.length() < LEAST_KEY_CHARACTERS) {
      throw new ConfigException(
          "signingKey has %d characters: it must have %d or more, of a random text"
              .formatted(signingKey.length(), LEAST_KEY_CHARACTERS));
    }
    require(
        externalUrl == null || externalUrl.matches("https?://[^/?#\\s]+"),
        "externalUrl",
        externalUrl,
        "scheme, host and port, such as https://sharing.example.com");
    for (String issuer : oidcIssuers) {
      require(
          issuer.matches(
              "https://[^?#\\s]+|http://(localhost|127\\.0\\.0\\.1)(:\\d+)?(/[^?#\\s]*)?"),
          "oidcIssuers",
          issuer,
          "a list of https URLs");
    }
  }

  /**
   * Refuses a place for publications that they cannot be written to.
   *
   * @param storage the entries for object stores
   */
  void checkPublicationRoot(List<StorageConfig> storage) {
    if (publicationRoot == null || "file".equals(publicationRoot.getScheme())) {
      return;
    }
    if (!"s3a".equals(publicationRoot.getScheme())) {
      throw new ConfigException(
          "publicationRoot is "
              + publicationRoot
              + ": files become tables in a directory or on S3 (s3a://bucket/dir), in no other"
              + " store");
    }
    require(
        !publicationRoot.getPath().isEmpty(),
        "publicationRoot",
        publicationRoot,
        "a directory of a bucket, such as s3a://bucket/dir, which is for publications alone");
    if (StorageConfig.of(storage, publicationRoot).isEmpty()) {
      throw new ConfigException(
          "publicationRoot is "
              + publicationRoot
              + ", which no entry of storage covers: add one with its prefix and a credential that"
              + " may write there");
    }
    if (data == null) {
      throw new ConfigException(
          "publicationRoot is "
              + publicationRoot
              + ", and data is missing: give it a directory of this server's own disk, in which"
              + " files are written before they go to the store");
    }
  }

  /** The location of a table in a directory of this machine. */
  static URI uri(Path directory) {
    try {
      return new URI("file", "", directory.toAbsolutePath().normalize().toString(), null);
    } catch (URISyntaxException e) {
      throw new ConfigException("The table's directory " + directory + " is no path", e);
    }
  }

  private static void require(boolean condition, String key, Object value, String allowed) {
    if (!condition) {
      throw ConfigException.wrong(key, value, allowed);
    }
  }
}
