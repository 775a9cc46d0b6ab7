/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeSchema;
import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.listing.FileLister;
import io.github.deltasharing.listing.ListingSettings;
import io.github.deltasharing.listing.RestFileLister;
import io.github.deltasharing.options.ConfigOption;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.pushdown.ScanColumns;
import io.github.deltasharing.schema.TableFeatures;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shared table as it was when a read of it was defined: who reads which version of it, its
 * schema, and where its files are listed. Everything that is read of the table, rows or changes, in
 * batch or as a stream, starts here. Lives on the driver; thread-safe; keeps the client, and
 * through it the credential.
 */
final class LoadedTable {
  /** The name of the source, as users and plans have it. */
  static final String SOURCE = "deltaSharing";

  private static final Logger LOG = LoggerFactory.getLogger(LoadedTable.class);

  private final Function<SharingReadConf, SharingClient> clients;
  private final SharingClient client;
  private final TableName name;
  private final SharingReadConf conf;
  private final TableMetadata metadata;
  private final AsOf asOf;
  private final long latest;
  private final DataType commitTime;
  private final TableSchema schema;
  private final StructType columns;
  private final ReadIdentity identity;

  /** The one that {@link #with} opened last. */
  private volatile LoadedTable opened;

  private LoadedTable(
      Function<SharingReadConf, SharingClient> clients,
      SharingClient client,
      TableName name,
      SharingReadConf conf,
      TableMetadata metadata,
      AsOf asOf,
      long latest,
      DataType commitTime) {
    this.clients = clients;
    this.client = client;
    this.name = name;
    this.conf = conf;
    this.metadata = metadata;
    this.asOf = asOf;
    this.latest = latest;
    this.commitTime = commitTime;
    this.schema = TableSchema.parse(name, metadata.metadata());
    this.columns =
        conf.readsChanges()
            ? ChangeSchema.of(
                name.toString(),
                schema.logical(),
                commitTime == null ? ChangeSchema.timestampType(metadata.format()) : commitTime)
            : schema.logical();
    // The recipient is known after the server took its credential.
    this.identity = new ReadIdentity(client.recipient(), name, metadata.metadata().id());
  }

  /**
   * Loads a table: one metadata request; for changes of a range that ends before the latest version
   * two ({@link ChangeRead}). Refuses what cannot be read right.
   *
   * @param clients opens a client with a read's options
   * @param commitTime the type of the times of commits, in reads of changes; null for the one that
   *     goes with the format in which the server serves the table
   */
  static LoadedTable open(
      Function<SharingReadConf, SharingClient> clients,
      TableName name,
      SharingReadConf conf,
      DataType commitTime) {
    SharingClient client = clients.apply(conf);
    if (conf.readsChanges()) {
      ChangeRead read = ChangeRead.find(client, name, conf);
      return new LoadedTable(
          clients, client, name, conf, read.schema(), AsOf.latest(), read.latest(), commitTime);
    }
    AsOf requested = TimeTravel.requested(conf);
    TableMetadata loaded =
        client.metadata(name, requested, ListingSettings.formats(conf), TableFeatures.SUPPORTED);
    TableFeatures.check(name.toString(), loaded.protocol(), loaded.metadata());
    return new LoadedTable(
        clients,
        client,
        name,
        conf,
        loaded,
        TimeTravel.pin(requested, loaded),
        loaded.version(),
        commitTime);
  }

  /**
   * The same table for a read with options of its own, which win over those of the load: opened
   * again where they differ. As of another version too, so long as its columns are those that the
   * query was made for.
   *
   * @throws IllegalArgumentException where the options contradict each other, or would make another
   *     read of it than the one that was loaded
   */
  LoadedTable with(CaseInsensitiveStringMap options) {
    SharingReadConf read = conf.with(options.asCaseSensitiveMap());
    if (read == conf) {
      return this;
    }
    for (ConfigOption<?> place :
        List.of(
            SharingOptions.PATH,
            SharingOptions.PROFILE_PROVIDER,
            SharingOptions.CREDENTIAL_PROVIDER)) {
      if (!Objects.equals(read.get(place), conf.get(place))) {
        throw SharingErrors.optionOfLoad(name.toString(), place.key());
      }
    }
    if (!read.hasCredentialOf(conf)) {
      throw SharingErrors.optionOfLoad(name.toString(), read.credential().anOption());
    }
    if (read.readsChanges() != conf.readsChanges()) {
      throw SharingErrors.optionOfLoad(name.toString(), SharingOptions.READ_CHANGE_FEED.key());
    }
    if (read.equals(conf)) {
      return this;
    }
    LoadedTable other = opened;
    if (other == null || !other.conf.equals(read)) {
      // No lock is held during the requests: two threads may open it twice, with the same result.
      other = open(clients, name, read, commitTime);
      if (!other.columns.catalogString().equals(columns.catalogString())
          || !other.schema.equals(schema)
          || !other.partitionColumns().equals(partitionColumns())) {
        throw SharingErrors.otherColumns(name.toString(), options.asCaseSensitiveMap().keySet());
      }
      opened = other;
    }
    return other;
  }

  SharingClient client() {
    return client;
  }

  TableName name() {
    return name;
  }

  SharingReadConf conf() {
    return conf;
  }

  TableMetadata metadata() {
    return metadata;
  }

  /** The version that is read, a timestamp resolved where the server said to what. */
  AsOf asOf() {
    return asOf;
  }

  /** The table's latest version at the time; −1 where the server did not say. */
  long latest() {
    return latest;
  }

  /** The table's columns, as files have them and as users see them. */
  TableSchema schema() {
    return schema;
  }

  /** The columns of a read: those of the table, and for changes the change columns. */
  StructType columns() {
    return columns;
  }

  List<String> partitionColumns() {
    return metadata.metadata().partitionColumns();
  }

  /** Which table is read, and by whom. */
  ReadIdentity identity() {
    return identity;
  }

  /** How data files are requested: from this machine only where the sharing server is on it too. */
  HttpSettings storeHttp() {
    return conf.http().forExecutors().withLoopbackStores(identity.recipient().isLocal());
  }

  /** What is read, by whom: reads of one query for which it is equal see one version. */
  Object versionIdentity() {
    return List.of(identity, asOf);
  }

  /**
   * What is read, by whom, with which options and by which schema: equal for reads that get the
   * same rows.
   */
  Object readIdentity() {
    return List.of(identity, asOf, conf, schema);
  }

  /** Lists the files of a batch. */
  FileLister files() {
    return new RestFileLister(client, name, ListingSettings.of(conf).of(metadata));
  }

  /** The columns as filters see them. */
  ScanColumns scanColumns(String timeZone) {
    return new ScanColumns(schema.logical(), metadata.metadata(), schema.isMapped(), timeZone);
  }

  /** Refuses a response that does not fit what the DataFrame was defined with. */
  void check(TableMetadata now) {
    if (!asOf.isLatest()) {
      checkSnapshot(now);
    }
    TableFeatures.check(name.toString(), now.protocol(), now.metadata());
    boolean same =
        TableSchema.parse(name, now.metadata()).equals(schema)
            && now.metadata().partitionColumns().equals(partitionColumns());
    if (!same) {
      throw SharingErrors.schemaChanged(name.toString());
    }
  }

  /** A time-travelled DataFrame is of one version of one table, whenever it is read. */
  private void checkSnapshot(TableMetadata now) {
    if (!now.metadata().id().equals(identity.tableId())) {
      throw SharingErrors.tableReplaced(name.toString());
    }
    if (now.version() < 0) {
      LOG.warn(
          "{}: the server does not send the version of its response; it is taken for the one requested{}",
          name,
          asOf.suffix());
    } else if (metadata.version() >= 0 && now.version() != metadata.version()) {
      throw SharingErrors.otherVersion("reading " + name, metadata.version(), now.version());
    }
  }

  @Override
  public String toString() {
    return "LoadedTable[" + name + "]";
  }
}
