/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.client.ProfileSource;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.options.SharingReadConf;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;

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
   * @throws IllegalArgumentException if the class that the options name gives no profiles
   */
  public static TableLoader of(String location, SharingReadConf conf) {
    return new TableLoader(
        ProfileProviders.of(conf, location, SparkSession.active().sessionState().newHadoopConf()));
  }

  /** A client of the profile's server. */
  public SharingClient client(SharingReadConf conf) {
    return SharingClient.open(profile, conf);
  }

  /**
   * A table, or its changes where the options say so: one metadata request; for changes of a range
   * that ends before the latest version two. Refuses what cannot be read right.
   */
  public Table load(TableName name, SharingReadConf conf) {
    LoadedTable loaded = LoadedTable.open(this::client, name, conf);
    return conf.readsChanges() ? new ChangesTable(loaded) : new SharingTable(loaded);
  }

  @Override
  public String toString() {
    return "TableLoader";
  }
}
