/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareFile.SchemaEntry;
import io.github.deltasharing.server.config.ShareFile.ShareEntry;
import io.github.deltasharing.server.config.ShareFile.StorageEntry;
import io.github.deltasharing.server.config.ShareFile.TableEntry;
import io.github.deltasharing.server.share.IcebergLocation;
import io.github.deltasharing.server.share.ShareDetails;
import io.github.deltasharing.server.share.SharedSchema;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the reference server's {@code share.yaml} into a {@link ShareConfigBuilder}. Wrong values
 * are refused by key. Used once.
 */
public final class ShareConfigReader {
  /** A location that starts with a URI's scheme. */
  private static final String SCHEME = "(?s)[A-Za-z][A-Za-z0-9+.-]+:.*";

  private static final Pattern ICEBERG_FILE_WITH_REF =
      Pattern.compile("(?s)(.*\\.metadata\\.json|.*/version-hint\\.text)\\?(.*)");

  private final Path directory;
  private final List<StorageConfig> stores = new ArrayList<>();

  private ShareConfigReader(Path directory) {
    this.directory = directory;
  }

  /** Reads a file; relative paths in it are relative to its directory. */
  public static ShareConfigBuilder read(Path file) {
    return parse(text("the configuration file", file), file.toAbsolutePath().getParent());
  }

  static ShareConfigBuilder parse(String yaml, Path directory) {
    JsonNode tree = ShareFileMapper.parse(yaml);
    ShareConfigBuilder builder = ShareConfig.builder();
    ShareFile file = ShareFileMapper.bind(tree, builder.settings().keys());
    if (file.version() != null && file.version() != 1) {
      throw new ConfigException("version is '" + file.version() + "': this server reads version 1");
    }
    builder.settings().setAll(tree);
    new ShareConfigReader(directory).take(file, builder);
    return builder;
  }

  private void take(ShareFile file, ShareConfigBuilder builder) {
    Optional.ofNullable(file.host()).ifPresent(builder::host);
    Optional.ofNullable(file.port())
        .ifPresent(port -> builder.port((int) Math.min(port, Integer.MAX_VALUE)));
    Optional.ofNullable(file.endpoint()).ifPresent(builder::endpoint);
    Optional.ofNullable(file.authorization())
        .map(ShareFile.Authorization::bearerToken)
        .ifPresent(builder::bearerToken);
    Optional.ofNullable(file.ssl()).ifPresent(ssl -> builder.tls(tls(ssl)));
    signingKey(file).ifPresent(builder::signingKey);
    file(file.data()).ifPresent(builder::data);
    Optional.ofNullable(file.database()).ifPresent(db -> builder.database(database(db)));
    for (String location : items(file.allowedLocations())) {
      builder.allowLocation(allowed(location));
    }
    Optional.ofNullable(file.externalUrl()).ifPresent(builder::externalUrl);
    builder.oidcIssuers(items(file.oidcIssuers()));
    builder.trustedProxies(items(file.trustedProxies()));
    Optional.ofNullable(file.metrics()).ifPresent(metrics -> builder.metrics(metrics(metrics)));
    Optional.ofNullable(file.publicationRoot())
        .ifPresent(root -> builder.publicationRoot(location("publicationRoot", root)));
    file(file.auditLog()).ifPresent(builder::auditLog);
    List<StorageEntry> storage = items(file.storage());
    for (int i = 0; i < storage.size(); i++) {
      StorageConfig store = storage("storage[" + i + "]", storage.get(i));
      stores.add(store);
      builder.storage(store);
    }
    List<ShareFile.CatalogEntry> entries = items(file.catalogs());
    for (int i = 0; i < entries.size(); i++) {
      builder.catalog(catalog("catalogs[" + i + "]", entries.get(i)));
    }
    List<ShareEntry> shares = items(file.shares());
    for (int i = 0; i < shares.size(); i++) {
      builder.share(share("shares[" + i + "]", shares.get(i)));
    }
  }

  private Optional<String> signingKey(ShareFile file) {
    if (file.signingKeyFile() == null) {
      return Optional.ofNullable(file.signingKey());
    }
    if (file.signingKey() != null) {
      throw new ConfigException("signingKey and signingKeyFile exclude each other: give one");
    }
    return Optional.of(text("signingKeyFile", directory.resolve(file.signingKeyFile())).strip());
  }

  private MetricsConfig metrics(ShareFile.Metrics entry) {
    return new MetricsConfig(
        entry.host() == null ? MetricsConfig.LOCAL : entry.host(),
        entry.port() == null
            ? OptionalInt.empty()
            : OptionalInt.of((int) Math.max(-1, Math.min(entry.port(), Integer.MAX_VALUE))),
        Optional.ofNullable(entry.tokenFile())
            .map(path -> text("metrics.tokenFile", directory.resolve(path)).strip()));
  }

  private DatabaseConfig database(ShareFile.Database entry) {
    Optional<String> password =
        Optional.ofNullable(entry.passwordFile())
            .map(path -> text("database.passwordFile", directory.resolve(path)).strip());
    return new DatabaseConfig(
        required("database", "url", entry.url()), Optional.ofNullable(entry.user()), password);
  }

  private TlsConfig tls(ShareFile.Ssl ssl) {
    TlsConfig tls =
        new TlsConfig(
            Boolean.TRUE.equals(ssl.selfSigned()),
            file(ssl.certificateFile()),
            file(ssl.certificateKeyFile()),
            file(ssl.certificatePasswordFile()));
    if (!tls.selfSigned()
        && (tls.certificateFile().isEmpty() || tls.certificateKeyFile().isEmpty())) {
      throw new ConfigException(
          "ssl needs selfSigned: true, or certificateFile and certificateKeyFile");
    }
    return tls;
  }

  private static StorageConfig storage(String key, StorageEntry entry) {
    StorageConfig store =
        StorageConfig.of(
            key,
            required(key, "prefix", entry == null ? null : entry.prefix()),
            entry.hadoop() == null ? Map.of() : entry.hadoop(),
            Optional.ofNullable(entry.publicEndpoint()));
    List<String> modes = AccessModes.of(key + ".accessModes", entry.accessModes());
    return new StorageConfig(
        store.prefix(),
        store.hadoop(),
        store.publicEndpoint(),
        Optional.ofNullable(entry.credentials())
            .map(credentials -> VendorConfig.of(key + ".credentials", credentials)),
        modes.isEmpty() ? AccessModes.DEFAULT : modes);
  }

  private CatalogConfig catalog(String key, ShareFile.CatalogEntry entry) {
    String name = required(key, "name", entry == null ? null : entry.name());
    String type = required(key, "type", entry.type());
    List<URI> locations = new ArrayList<>();
    for (String location : items(entry.locations())) {
      locations.add(location(key + ".locations", location));
    }
    if (type.equals(CatalogConfig.HADOOP)) {
      locations.add(0, location(key + ".warehouse", required(key, "warehouse", entry.warehouse())));
      if (locations.size() > 1 || entry.uri() != null) {
        throw new ConfigException(
            key + " is of type hadoop, which has a warehouse alone: leave the other keys out");
      }
    }
    return CatalogConfig.of(key, name, type, locations, properties(key, type, entry));
  }

  /** An entry's own, and those that are in files. */
  private Map<String, String> properties(String key, String type, ShareFile.CatalogEntry entry) {
    Map<String, String> properties = new HashMap<>();
    if (entry.properties() != null) {
      properties.putAll(entry.properties());
    }
    if (entry.propertyFiles() != null) {
      entry
          .propertyFiles()
          .forEach(
              (property, file) -> {
                if (properties.containsKey(property)) {
                  throw new ConfigException(
                      key + " has the property " + property + " twice: leave one");
                }
                properties.put(
                    property,
                    text(
                            key + ".propertyFiles." + property,
                            directory.resolve(required(key + ".propertyFiles", property, file)))
                        .strip());
              });
    }
    if (entry.uri() != null) {
      properties.put(CatalogConfig.URI_KEY, entry.uri());
    }
    if (entry.warehouse() != null && !type.equals(CatalogConfig.HADOOP)) {
      properties.put("warehouse", entry.warehouse());
    }
    if (properties.values().stream().anyMatch(Objects::isNull)) {
      throw new ConfigException(key + ".properties must be a mapping of keys to texts");
    }
    return properties;
  }

  private SharedShare share(String key, ShareEntry entry) {
    String share = required(key, "name", entry == null ? null : entry.name());
    List<SharedSchema> schemas = new ArrayList<>();
    for (SchemaEntry schema : items(entry.schemas())) {
      schemas.add(schema(key + ".schemas[" + schemas.size() + "]", share, schema));
    }
    Map<String, String> properties = entry.properties() == null ? Map.of() : entry.properties();
    if (properties.values().stream().anyMatch(Objects::isNull)) {
      throw ConfigException.wrong(key + ".properties", properties, "a mapping of keys to texts");
    }
    ShareDetails details =
        new ShareDetails(
            Optional.ofNullable(entry.id()),
            Optional.ofNullable(entry.displayName()),
            Optional.ofNullable(entry.comment()),
            properties);
    return new SharedShare(share, details, schemas);
  }

  private SharedSchema schema(String key, String share, SchemaEntry entry) {
    String schema = required(key, "name", entry == null ? null : entry.name());
    List<SharedTable> tables = new ArrayList<>();
    for (TableEntry table : items(entry.tables())) {
      tables.add(table(key + ".tables[" + tables.size() + "]", share, schema, table));
    }
    return new SharedSchema(schema, tables);
  }

  private SharedTable table(String key, String share, String schema, TableEntry entry) {
    String name = required(key, "name", entry == null ? null : entry.name());
    Boolean history = entry.historyShared() == null ? entry.cdfEnabled() : entry.historyShared();
    URI location = tableLocation(key + ".location", required(key, "location", entry.location()));
    List<String> modes = AccessModes.of(key + ".accessModes", entry.accessModes());
    if (modes.isEmpty() && IcebergLocation.of(location).isPresent()) {
      modes = AccessModes.DEFAULT;
    } else if (modes.isEmpty()) {
      modes =
          StorageConfig.of(stores, location)
              .map(StorageConfig::accessModes)
              .orElse(AccessModes.DEFAULT);
    }
    return new SharedTable(
        share,
        schema,
        name,
        location,
        entry.id() == null ? "" : entry.id(),
        Boolean.TRUE.equals(history),
        entry.startVersion() == null ? 0 : entry.startVersion(),
        modes);
  }

  /** A directory, or a catalog of Iceberg tables or a namespace of it. */
  private URI allowed(String location) {
    if (!location.startsWith(IcebergLocation.SCHEME + "://")) {
      return location("allowedLocations", location);
    }
    try {
      return new URI(location);
    } catch (URISyntaxException e) {
      throw new ConfigException("allowedLocations has '" + location + "': it is not a URI", e);
    }
  }

  /** That of a Delta table, or of an Iceberg table as {@link IcebergLocation} has them. */
  private URI tableLocation(String key, String location) {
    URI place;
    try {
      Matcher ref = ICEBERG_FILE_WITH_REF.matcher(location);
      if (location.startsWith(IcebergLocation.SCHEME + "://")) {
        place = new URI(location);
      } else if (ref.matches()) {
        URI file = location(key, ref.group(1));
        place = new URI(file.getScheme(), file.getAuthority(), file.getPath(), ref.group(2), null);
      } else {
        place = location(key, location);
      }
    } catch (URISyntaxException e) {
      throw new ConfigException(
          key + " is '" + location + "': it is not a URI; escape special characters", e);
    }
    try {
      IcebergLocation.of(place);
      return place;
    } catch (IllegalArgumentException e) {
      throw ConfigException.wrong(key, location, e.getMessage());
    }
  }

  /** A table's location: a local path, a {@code file:} URI, or a place in an object store. */
  private URI location(String key, String location) {
    if (!location.matches(SCHEME)) {
      return ConfigValues.uri(directory.resolve(location).normalize());
    }
    if (!location.toLowerCase(Locale.ROOT).startsWith("file:")) {
      return ObjectLocation.of(key, location).uri(key);
    }
    try {
      String uriPath = new URI(location).getPath();
      if (uriPath != null && uriPath.startsWith("/")) {
        return ConfigValues.uri(Path.of(uriPath).normalize());
      }
    } catch (URISyntaxException e) {
      throw new ConfigException(
          key + " is '" + location + "': it is not a URI; escape special characters", e);
    }
    throw ConfigException.wrong(key, location, "an absolute file: URI");
  }

  private Optional<Path> file(String path) {
    return Optional.ofNullable(path).map(directory::resolve);
  }

  private static String text(String what, Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new ConfigException(
          "Cannot read " + what + " " + file + ": it is not UTF-8 text. Write it as text", e);
    } catch (IOException e) {
      throw new ConfigException("Cannot read " + what + " " + file + ": " + e, e);
    }
  }

  private static <T> List<T> items(List<T> list) {
    return list == null ? List.of() : list;
  }

  private static String required(String key, String name, String value) {
    if (value == null) {
      throw new ConfigException(key + "." + name + " is missing: give it a value");
    }
    return value;
  }
}
