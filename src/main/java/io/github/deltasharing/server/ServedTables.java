/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.server.auth.Signer;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.iceberg.IcebergSources;
import io.github.deltasharing.server.share.TableSources;
import io.github.deltasharing.server.storage.LocalUrlSigner;
import io.github.deltasharing.server.storage.StoreVendors;
import io.github.deltasharing.server.storage.Stores;
import io.github.deltasharing.server.storage.TableStorages;
import io.github.deltasharing.source.delta.DeltaSources;
import io.github.deltasharing.source.index.IndexCache;
import java.time.Clock;

/**
 * What a server reads tables by, whatever they are and wherever they lie, and gives access to their
 * files by. Immutable, safe for use by several threads; the server closes it.
 *
 * @param key signs what clients bring back
 * @param localSigner signs the URLs of files that the server serves itself
 * @param stores where tables lie
 * @param vendors give temporary credentials to stores
 * @param iceberg tables that are Iceberg's
 * @param sources tables as recipients read them
 * @param latest the same without any that is old: whoever adds to a table has to know its latest
 *     version, however old recipients' may be
 */
record ServedTables(
    Signer key,
    LocalUrlSigner localSigner,
    Stores stores,
    StoreVendors vendors,
    IcebergSources iceberg,
    TableSources sources,
    TableSources latest)
    implements AutoCloseable {
  /** The path of files below the protocol's. */
  static final String FILES = "/files";

  /** How many tables' snapshots are kept for who adds to them or looks at them on the page. */
  private static final int PROVIDER_TABLES = 16;

  /**
   * The tables of a configuration; no store is opened yet.
   *
   * @param indexes keeps the files of versions
   */
  static ServedTables open(ShareConfig config, Signer key, IndexCache indexes, Clock clock) {
    LocalUrlSigner signer = new LocalUrlSigner(key, clock, config.endpoint() + FILES);
    Stores stores = new Stores(config.storage(), signer, clock);
    int kept = config.settings().deltaTableCacheSize();
    IcebergSources iceberg = new IcebergSources(config.catalogs(), stores, kept, indexes);
    return new ServedTables(
        key,
        signer,
        stores,
        new StoreVendors(stores, config.settings().temporaryCredentialValiditySeconds(), clock),
        iceberg,
        sources(
            iceberg,
            new DeltaSources(kept, config.settings().stalenessAcceptable(), indexes),
            stores),
        sources(iceberg, new DeltaSources(PROVIDER_TABLES, false, indexes), stores));
  }

  private static TableSources sources(IcebergSources iceberg, DeltaSources delta, Stores stores) {
    return table ->
        IcebergSources.isIceberg(table)
            ? iceberg.open(table)
            : delta.open(table.fullName(), table.location(), stores.of(table));
  }

  /** The stores of tables, whose locations may be other than directories. */
  TableStorages storages() {
    return table -> stores.of(iceberg.placed(table));
  }

  @Override
  public void close() {
    vendors.close();
    iceberg.close();
    stores.close();
  }
}
