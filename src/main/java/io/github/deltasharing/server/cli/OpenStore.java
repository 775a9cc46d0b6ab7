/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import io.github.deltasharing.server.admin.LocalAdmin;
import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ProviderConfig;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.iceberg.IcebergSources;
import io.github.deltasharing.server.provider.ProviderSide;
import io.github.deltasharing.server.share.TableSources;
import io.github.deltasharing.server.storage.LocalUrlSigner;
import io.github.deltasharing.server.storage.Stores;
import io.github.deltasharing.source.delta.DeltaSources;
import io.github.deltasharing.source.index.IndexCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** A provider's store, opened without a server. Used by one thread; its user closes it. */
final class OpenStore implements AutoCloseable {
  private static final String BY = "local:";

  private final ShareConfig config;
  private final ProviderConfig provider;
  private final Clock clock;
  private final ProviderSide side;
  private final Stores stores;
  private final IcebergSources iceberg;

  /** Of no use to a command, which looks at a table once. */
  private final IndexCache indexes = new IndexCache(0);

  private OpenStore(ShareConfig config, ProviderConfig provider, Clock clock, ProviderSide side) {
    this.config = config;
    this.provider = provider;
    this.clock = clock;
    this.side = side;
    this.stores =
        new Stores(
            config.storage(),
            new LocalUrlSigner(side.signer(), clock, config.endpoint() + "/files"),
            clock);
    this.iceberg = new IcebergSources(config.catalogs(), stores, 1, indexes);
  }

  /** Opens the store that a configuration names. */
  static OpenStore open(ShareConfig config) {
    ProviderConfig provider =
        config
            .provider()
            .orElseThrow(
                () ->
                    CommandException.wrong(
                        "The configuration names no store: give it data or database, or use"
                            + " --data DIR"));
    boolean embedded = !provider.database().isPostgres();
    if (embedded && provider.data().isPresent()) {
      requireStore(provider.data().get());
    }
    Clock clock = Clock.systemUTC();
    try {
      return new OpenStore(config, provider, clock, ProviderSide.open(config, provider, clock));
    } catch (ConfigException e) {
      throw CommandException.failed(
          e.getMessage()
              + (embedded ? ". While a server runs, use --server URL and --token-file FILE" : ""),
          e);
    }
  }

  /** A mistyped directory makes no new store. */
  private static void requireStore(Path data) {
    if (!Files.exists(data.resolve("store.mv.db"))) {
      throw CommandException.failed(
          "There is no store in " + data + ". The first start of a server with it makes one");
    }
  }

  /** Who changes what is in it. */
  private static String by() {
    return BY + System.getProperty("user.name", "unknown");
  }

  LocalAdmin admin() {
    String origin =
        provider
            .externalUrl()
            .orElseGet(
                () ->
                    (config.tls().isPresent() ? "https://" : "http://")
                        + config.host()
                        + ":"
                        + config.port());
    DeltaSources delta = new DeltaSources(1, false, indexes);
    TableSources sources =
        table ->
            IcebergSources.isIceberg(table)
                ? iceberg.open(table)
                : delta.open(table.fullName(), table.location(), stores.of(table));
    return side.local(by(), origin, sources, stores);
  }

  void resetToken(String name, Path file) {
    side.resetToken(name, file, by());
  }

  @Override
  public void close() {
    iceberg.close();
    stores.close();
    side.close();
  }
}
