/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.client.ProfileSource;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.directory.DirectoryClient;
import io.github.deltasharing.error.CredentialErrors;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.options.AdministratorConfs;
import io.github.deltasharing.options.ConfigOption;
import io.github.deltasharing.options.InlineCredential;
import io.github.deltasharing.options.SharingReadConf;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.types.DataTypes;

/**
 * Loads shared tables by the credential of one profile: what the data source and catalogs have in
 * common, and the only door to the tables of this package. Driver only; thread-safe; keeps the
 * profile's source, and through it the credential.
 */
public final class TableLoader {
  private final ProfileSource profile;

  private TableLoader(ProfileSource profile) {
    this.profile = profile;
  }

  /**
   * A loader for the profile at a location, which is read when it is first needed.
   *
   * @param location a path of any Hadoop file system, or {@code env:NAME}
   * @param origin the location as messages say it
   * @throws IllegalArgumentException if the class that the options name gives no profiles
   */
  public static TableLoader of(String location, String origin, SharingReadConf conf) {
    return new TableLoader(
        ProfileProviders.of(
            conf, location, origin, SparkSession.active().sessionState().newHadoopConf()));
  }

  /**
   * A loader for a credential that options give.
   *
   * @param conf whose credential it need not be
   * @throws IllegalArgumentException if the options name a class that gives profiles, too, or an
   *     administrator forbids it
   */
  public static TableLoader of(InlineCredential credential, SharingReadConf conf) {
    ConfigOption<String> provider = ProfileProviders.option(conf);
    if (provider != null) {
      throw CredentialErrors.providerAndOptions(provider.key(), credential.anOption());
    }
    if (conf.isForbidden(AdministratorConfs.FORBID_INLINE_CREDENTIALS)) {
      throw CredentialErrors.inlineForbidden(
          credential.anOption(), AdministratorConfs.FORBID_INLINE_CREDENTIALS.key());
    }
    return new TableLoader(ProfileSource.inline(credential));
  }

  /** A client of the profile's server. */
  public SharingClient client(SharingReadConf conf) {
    SparkSession session = SparkSession.active();
    return DirectoryClient.of(
        SharingClient.open(profile, conf),
        conf,
        property -> session.sessionState().newHadoopConf().get(property));
  }

  /**
   * A table, or its changes where the options say so: one metadata request; for changes of a range
   * that ends before the latest version two. Refuses what cannot be read right.
   */
  ReadOnlyTable load(TableName name, SharingReadConf conf) {
    LoadedTable loaded;
    try {
      loaded = LoadedTable.open(this::client, name, conf, null);
    } catch (SharingServerException e) {
      throw NearestTables.suggest(client(conf), name, e);
    }
    return conf.readsChanges()
        ? new ChangesTable(loaded, TableLabel.ofPath(name + ".changes"), false)
        : new SharingTable(loaded, TableLabel.ofPath(name.toString()));
  }

  /**
   * The same under the name that a catalog has for it. Changes need no start there: without one
   * they are those of the whole history that is shared. The times of their commits are timestamps,
   * whatever the format of the server's responses.
   */
  public Table loadAs(String shown, TableName name, SharingReadConf conf) {
    LoadedTable loaded = LoadedTable.open(this::client, name, conf, DataTypes.TimestampType);
    TableLabel label = TableLabel.ofCatalog(shown);
    return conf.readsChanges()
        ? new ChangesTable(loaded, label, true)
        : new SharingTable(loaded, label);
  }

  /** The list of a table's files under the name that a catalog has for it: one metadata request. */
  public Table filesAs(String shown, TableName name, SharingReadConf conf) {
    return new FilesTable(
        LoadedTable.open(this::client, name, conf, null), TableLabel.ofCatalog(shown));
  }

  @Override
  public String toString() {
    return "TableLoader";
  }
}
