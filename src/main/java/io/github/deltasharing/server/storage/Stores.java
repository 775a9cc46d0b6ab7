/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.config.StorageConfig;
import io.github.deltasharing.server.share.SharedTable;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores of a server's tables, by their locations' schemes and prefixes. A bucket is opened
 * when the first table of it is read, once for each entry of {@code storage} whose tables are in
 * it, and stays open until the server closes this. Safe for use by several threads.
 */
public final class Stores implements TableStorages, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Stores.class);

  private final List<StorageConfig> entries;
  private final LocalUrlSigner localSigner;
  private final Clock clock;
  private final Map<Key, Slot<S3Bucket>> buckets = new ConcurrentHashMap<>();

  /** Of Azure and Google: read by other means than buckets of S3. */
  private final Map<Key, Slot<HadoopStore>> containers = new ConcurrentHashMap<>();

  /**
   * Creates the stores; none is opened yet.
   *
   * @param localSigner signs the URLs of local tables
   */
  public Stores(List<StorageConfig> entries, LocalUrlSigner localSigner, Clock clock) {
    this.entries = entries;
    this.localSigner = localSigner;
    this.clock = clock;
    // What is wrong in an entry is said before the first table of it is read.
    entries.forEach(entry -> HadoopSettings.of(Optional.of(entry)));
  }

  @Override
  public SigningStorage of(SharedTable table) {
    return switch (table.location().getScheme()) {
      case "file" -> new LocalStorage(table, localSigner);
      case "s3a" -> new S3Storage(table, () -> bucket(table));
      case "abfss", "gs" -> new HadoopStorage(table, () -> container(table));
      default -> throw new IllegalStateException("No store has " + table.location());
    };
  }

  /**
   * A directory of S3 that this server writes to; nothing is opened yet.
   *
   * @param location with the scheme {@code s3a}, without a slash at its end
   */
  public WrittenDirectory directory(URI location) {
    SharedTable place = new SharedTable("publications", "default", "tables", location, "", true, 0);
    return new S3Directory(location, () -> bucket(place));
  }

  List<StorageConfig> entries() {
    return entries;
  }

  S3Bucket bucket(SharedTable table) {
    Optional<StorageConfig> entry = StorageConfig.of(entries, table.location());
    String name = table.location().getAuthority();
    try {
      return slot(buckets, entry, name)
          .get(
              () ->
                  S3Bucket.open(
                      name,
                      HadoopSettings.of(entry),
                      entry.flatMap(StorageConfig::publicEndpoint),
                      clock));
    } catch (IOException | RuntimeException e) {
      throw S3Failures.of(table, e);
    }
  }

  private HadoopStore container(SharedTable table) {
    Optional<StorageConfig> entry = StorageConfig.of(entries, table.location());
    try {
      return slot(containers, entry, table.location().getAuthority())
          .get(
              () ->
                  HadoopStore.open(
                      table.location(),
                      HadoopSettings.of(entry),
                      entry.flatMap(StorageConfig::publicEndpoint),
                      clock));
    } catch (IOException | RuntimeException e) {
      throw HadoopFailures.of(table, e);
    }
  }

  private static <S extends AutoCloseable> Slot<S> slot(
      Map<Key, Slot<S>> slots, Optional<StorageConfig> entry, String name) {
    return slots.computeIfAbsent(
        new Key(entry.map(StorageConfig::prefix).orElse(""), name), key -> new Slot<>());
  }

  /** The server serves no requests any more. */
  @Override
  public void close() {
    buckets.values().forEach(Slot::close);
    containers.values().forEach(Slot::close);
  }

  private interface Opening<S> {
    S open() throws IOException;
  }

  /** A bucket or container that its first user opens; others of it wait, and nobody else. */
  private static final class Slot<S extends AutoCloseable> {
    private S store;
    private boolean closed;

    synchronized S get(Opening<S> opening) throws IOException {
      if (closed) {
        throw new IllegalStateException("the server has stopped");
      }
      if (store == null) {
        store = opening.open();
      }
      return store;
    }

    synchronized void close() {
      closed = true;
      if (store != null) {
        try {
          store.close();
        } catch (Exception e) {
          LOG.warn("{} was not closed cleanly", store, e);
        }
      }
    }
  }

  /** An entry, by its prefix, and a bucket. */
  private record Key(String prefix, String bucket) {}
}
