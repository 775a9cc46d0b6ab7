/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import java.util.List;
import java.util.Map;

/**
 * {@code share.yaml} as it is written, a record for each mapping; what is not written is null. The
 * {@link ServerSettings} are keys of the same mapping, read apart. Immutable.
 *
 * @param version of the format, 1
 * @param host where to listen
 * @param port 0 for any free one
 * @param endpoint the prefix of every path
 * @param authorization what clients must send
 * @param signingKey signs URLs and tokens; a secret
 * @param signingKeyFile a file with that key, instead of it
 * @param ssl how to serve TLS
 * @param rateLimit the {@link RateLimitSettings}, read apart
 * @param metrics who may read the server's metrics
 * @param catalogs where Iceberg tables are found by their names
 * @param shares what is shared
 */
record ShareFile(
    Long version,
    String host,
    Long port,
    String endpoint,
    Authorization authorization,
    String signingKey,
    String signingKeyFile,
    Ssl ssl,
    String data,
    Database database,
    List<String> allowedLocations,
    String externalUrl,
    String publicationRoot,
    List<String> oidcIssuers,
    List<String> trustedProxies,
    String auditLog,
    RateLimit rateLimit,
    Metrics metrics,
    List<StorageEntry> storage,
    List<CatalogEntry> catalogs,
    List<ShareEntry> shares) {

  /** What clients must send: a secret. */
  record Authorization(String bearerToken) {
    /** Without the token. */
    @Override
    public String toString() {
      return "Authorization[]";
    }
  }

  /** Files are relative to the configuration's directory. */
  record Ssl(
      Boolean selfSigned,
      String certificateFile,
      String certificateKeyFile,
      String certificatePasswordFile) {}

  /** The password's file is relative to the configuration's directory. */
  record Database(String url, String user, String passwordFile) {
    /** Without the URL, which may hold what it should not. */
    @Override
    public String toString() {
      return "Database[]";
    }
  }

  /** The keys of {@link RateLimitSettings}. */
  record RateLimit(Long requestsPerSecond, Long burst, Long failedSignInsPerMinute) {}

  /** The token's file is relative to the configuration's directory. */
  record Metrics(String host, Long port, String tokenFile) {}

  /** What a store that tables lie in needs; values for Hadoop may be secrets. */
  record StorageEntry(
      String prefix,
      Map<String, String> hadoop,
      String publicEndpoint,
      CredentialsEntry credentials,
      List<String> accessModes) {
    /** Without what is for Hadoop. */
    @Override
    public String toString() {
      return "StorageEntry[" + prefix + "]";
    }
  }

  /**
   * Where recipients' credentials come from; the keys are those of {@link VendorConfig}'s records.
   */
  record CredentialsEntry(
      String type,
      String roleArn,
      String endpoint,
      String region,
      String externalId,
      String sessionName,
      Long durationSeconds,
      String accessKeyId,
      String secretAccessKey,
      String sessionToken) {
    /** Without the keys. */
    @Override
    public String toString() {
      return "CredentialsEntry[" + type + "]";
    }
  }

  /**
   * The keys of {@link CatalogConfig}; a catalog's properties may be secrets. The files with values
   * of properties are relative to the configuration's directory.
   */
  record CatalogEntry(
      String name,
      String type,
      String uri,
      String warehouse,
      List<String> locations,
      Map<String, String> properties,
      Map<String, String> propertyFiles) {
    /** Without what it is reached with. */
    @Override
    public String toString() {
      return "CatalogEntry[" + name + "]";
    }
  }

  record ShareEntry(
      String name,
      String id,
      String displayName,
      String comment,
      Map<String, String> properties,
      List<SchemaEntry> schemas) {}

  record SchemaEntry(String name, List<TableEntry> tables) {}

  /** {@code cdfEnabled} is the older name of {@code historyShared}. */
  record TableEntry(
      String name,
      String location,
      String id,
      Boolean historyShared,
      Boolean cdfEnabled,
      Long startVersion,
      List<String> accessModes) {}

  /** Without the token and the key. */
  @Override
  public String toString() {
    return "ShareFile[" + host + ":" + port + "]";
  }
}
