/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.CatalogErrors;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.spark.SparkRelease;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.NamespaceChange;
import org.apache.spark.sql.connector.catalog.SupportsNamespaces;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Shares as a catalog of Spark, read-only: {@code spark.sql.catalog.retail =
 * io.github.deltasharing.catalog.SharingCatalog}, {@code spark.sql.catalog.retail.profile =
 * config.share}, then {@code SELECT * FROM retail.share.schema.table}. Spark makes one for each
 * session. Driver only; thread-safe once it is initialised.
 */
@PublicApi
public final class SharingCatalog implements ChangelogCatalog, SupportsNamespaces {
  private String name;
  private CatalogConf conf;
  private CatalogNames names;

  /**
   * Checks the settings; asks nobody.
   *
   * @throws IllegalArgumentException naming the key that is missing or wrong
   */
  @Override
  public void initialize(String catalog, CaseInsensitiveStringMap settings) {
    SparkRelease.requireSupported();
    name = catalog;
    conf = new CatalogConf(catalog, settings);
    names = new CatalogNames(catalog, conf.share());
  }

  @Override
  public String name() {
    return name;
  }

  // Tables.

  @Override
  public Table loadTable(Identifier table) throws NoSuchTableException {
    return load(table, Map.of());
  }

  @Override
  public Table loadTable(Identifier table, String version) throws NoSuchTableException {
    try {
      if (Long.parseLong(version.trim()) >= 0) {
        return load(table, Map.of(SharingOptions.VERSION_AS_OF.key(), version.trim()));
      }
    } catch (NumberFormatException e) {
      // Thrown below.
    }
    throw CatalogErrors.badVersion(names.quoted(table), version);
  }

  /** As of a time, in microseconds since 1970. */
  @Override
  public Table loadTable(Identifier table, long timestamp) throws NoSuchTableException {
    Instant instant = Instant.EPOCH.plus(timestamp, ChronoUnit.MICROS);
    return load(table, Map.of(SharingOptions.TIMESTAMP_AS_OF.key(), instant.toString()));
  }

  private Table load(Identifier identifier, Map<String, String> options)
      throws NoSuchTableException {
    TableReference reference = names.reference(identifier);
    if (reference == null) {
      throw new NoSuchTableException(identifier);
    }
    try {
      return load(reference, names.quoted(identifier), options);
    } catch (SharingServerException e) {
      TableName found = missing().otherSpelling(reference.table(), e);
      if (found == null) {
        throw new NoSuchTableException(identifier);
      }
      return load(new TableReference(found, reference.part()), names.quoted(identifier), options);
    }
  }

  @Override
  public Table changes(Identifier identifier, Map<String, String> options)
      throws NoSuchTableException {
    TableReference reference = names.reference(identifier);
    if (reference != null && reference.part() != TableReference.Part.ROWS) {
      throw CatalogErrors.noChangesOf(names.quoted(identifier));
    }
    Map<String, String> read = new HashMap<>(options);
    read.put(SharingOptions.READ_CHANGE_FEED.key(), "true");
    return load(identifier, read);
  }

  private MissingTables missing() {
    return new MissingTables(client(), names);
  }

  private Table load(TableReference reference, String shown, Map<String, String> options) {
    TableName table = reference.table();
    if (reference.part() == TableReference.Part.CHANGES) {
      if (!options.isEmpty()) {
        throw CatalogErrors.changesAsOf(shown);
      }
      SharingReadConf read = conf.read(Map.of(SharingOptions.READ_CHANGE_FEED.key(), "true"));
      return conf.loader(read).loadAs(shown, table, read);
    }
    SharingReadConf read = conf.read(options);
    return reference.part() == TableReference.Part.FILES
        ? conf.loader(read).filesAs(shown, table, read)
        : conf.loader(read).loadAs(shown, table, read);
  }

  /** One request for the table's version, the smallest that the protocol has. */
  @Override
  public boolean tableExists(Identifier identifier) {
    TableReference reference = names.reference(identifier);
    if (reference == null) {
      return false;
    }
    SharingClient client = client();
    try {
      client.version(reference.table());
      return true;
    } catch (SharingServerException e) {
      if (MissingTables.isMissing(client, e)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Identifier[] listTables(String[] namespace) throws NoSuchNamespaceException {
    return listing().tables(namespace);
  }

  @Override
  @SuppressWarnings("deprecation") // Spark's own callers still use it.
  public Table createTable(
      Identifier table, StructType schema, Transform[] partitions, Map<String, String> properties) {
    throw readOnly("Creating table " + names.quoted(table));
  }

  @Override
  public Table createTable(
      Identifier table, Column[] columns, Transform[] partitions, Map<String, String> properties) {
    throw readOnly("Creating table " + names.quoted(table));
  }

  @Override
  public Table alterTable(Identifier table, TableChange... changes) {
    throw readOnly("Altering table " + names.quoted(table));
  }

  @Override
  public boolean dropTable(Identifier table) {
    throw readOnly("Dropping table " + names.quoted(table));
  }

  @Override
  public boolean purgeTable(Identifier table) {
    throw readOnly("Dropping table " + names.quoted(table));
  }

  @Override
  public void renameTable(Identifier from, Identifier to) {
    throw readOnly("Renaming table " + names.quoted(from));
  }

  // Namespaces.

  @Override
  public String[][] listNamespaces() throws NoSuchNamespaceException {
    return listNamespaces(new String[0]);
  }

  @Override
  public String[][] listNamespaces(String[] namespace) throws NoSuchNamespaceException {
    return listing().namespaces(namespace);
  }

  @Override
  public boolean namespaceExists(String[] namespace) {
    return listing().exists(namespace);
  }

  @Override
  public Map<String, String> loadNamespaceMetadata(String[] namespace)
      throws NoSuchNamespaceException {
    if (!namespaceExists(namespace)) {
      throw new NoSuchNamespaceException(namespace);
    }
    return Map.of();
  }

  @Override
  public void createNamespace(String[] namespace, Map<String, String> metadata) {
    throw readOnly("Creating namespace " + names.quoted(namespace));
  }

  @Override
  public void alterNamespace(String[] namespace, NamespaceChange... changes) {
    throw readOnly("Altering namespace " + names.quoted(namespace));
  }

  @Override
  public boolean dropNamespace(String[] namespace, boolean cascade) {
    throw readOnly("Dropping namespace " + names.quoted(namespace));
  }

  private UnsupportedOperationException readOnly(String what) {
    return CatalogErrors.readOnly(what, name);
  }

  private SharingClient client() {
    SharingReadConf read = conf.read(Map.of());
    return conf.loader(read).client(read);
  }

  private ShareListing listing() {
    return new ShareListing(client(), names);
  }

  /** Without its settings. */
  @Override
  public String toString() {
    return "SharingCatalog[" + name + "]";
  }
}
