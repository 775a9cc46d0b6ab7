/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import io.github.deltasharing.presign.StoreEndpoint;
import io.github.deltasharing.protocol.TableAccess;
import java.net.URI;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of a store, for all tables whose locations start with a prefix. Immutable.
 *
 * @param prefix in its one spelling, such as {@code s3a://bucket/dir}; {@code s3a://} for all
 * @param hadoop keys of Hadoop's configuration, with secrets among the values
 * @param publicEndpoint where recipients reach the store, if that is elsewhere
 * @param credentials where recipients' credentials to tables' directories come from
 * @param accessModes how tables are offered that do not say it themselves
 */
public record StorageConfig(
    String prefix,
    Map<String, String> hadoop,
    Optional<String> publicEndpoint,
    Optional<VendorConfig> credentials,
    List<String> accessModes) {

  public StorageConfig {
    hadoop = Map.copyOf(hadoop);
    accessModes = List.copyOf(accessModes);
  }

  /** One whose tables are offered by URLs. */
  public StorageConfig(String prefix, Map<String, String> hadoop, Optional<String> publicEndpoint) {
    this(prefix, hadoop, publicEndpoint, Optional.empty(), List.of(TableAccess.URL));
  }

  /** The same with credentials for recipients. */
  public StorageConfig withCredentials(VendorConfig vendor, String... modes) {
    return new StorageConfig(prefix, hadoop, publicEndpoint, Optional.of(vendor), List.of(modes));
  }

  /**
   * Checks what is in an entry.
   *
   * @param key of the entry, for messages
   */
  static StorageConfig of(
      String key, String prefix, Map<String, String> hadoop, Optional<String> publicEndpoint) {
    ObjectLocation location = ObjectLocation.of(key + ".prefix", prefix);
    hadoop.forEach((name, value) -> check(key + ".hadoop", name, value));
    publicEndpoint.ifPresent(
        endpoint -> checkEndpoint(key + ".publicEndpoint", location.scheme(), endpoint));
    return new StorageConfig(location.toString(), hadoop, publicEndpoint);
  }

  /** Never with the value, which may be a secret. */
  private static void check(String key, String name, String value) {
    if (value == null) {
      throw new ConfigException(key + ": " + name + " has no value");
    }
    if (name.matches("fs\\.s3n?\\..*")) {
      throw new ConfigException(
          key + ": " + name + " is not read: Hadoop's keys for S3 start with fs.s3a.");
    }
    if (value.contains("${env:")) {
      throw new ConfigException(
          key
              + ": "
              + name
              + " names a variable of the environment: write ${env.NAME}, with a dot");
    }
  }

  private static void checkEndpoint(String key, String scheme, String endpoint) {
    if (!endpoint.matches("(?i)https?://.*")) {
      throw new ConfigException(key + " must be a URL, such as https://store.example.com");
    }
    // Azure's emulator has the account's name as a path.
    String host =
        scheme.equals("abfss")
            ? endpoint.replaceFirst("(?<=[^/:])/[a-z0-9]{3,24}/?$", "")
            : endpoint;
    try {
      StoreEndpoint.of(host, true);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(key + ": " + e.getMessage(), e);
    }
  }

  /** Refuses two entries with the same prefix. */
  static void check(List<StorageConfig> entries) {
    Set<String> prefixes = new HashSet<>();
    for (StorageConfig entry : entries) {
      if (!prefixes.add(entry.prefix())) {
        throw new ConfigException(
            "storage has two entries with the prefix " + entry.prefix() + ": leave one");
      }
    }
  }

  /** The entry that counts for a location: that with the longest prefix. */
  public static Optional<StorageConfig> of(List<StorageConfig> entries, URI location) {
    String place = location.getScheme() + "://" + location.getAuthority() + location.getPath();
    return entries.stream()
        .filter(entry -> entry.holds(place))
        .max(Comparator.comparingInt(entry -> entry.prefix().length()));
  }

  private boolean holds(String place) {
    return place.equals(prefix) || place.startsWith(prefix.endsWith("/") ? prefix : prefix + "/");
  }

  /** Without what is for Hadoop. */
  @Override
  public String toString() {
    return "StorageConfig[" + prefix + publicEndpoint.map(e -> ", " + e).orElse("") + "]";
  }
}
