/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.TableSources;
import io.github.deltasharing.server.storage.TableStorages;
import io.github.deltasharing.source.SourceException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The shared tables that have Iceberg metadata, for clients that read Iceberg. Keeps which files
 * the tables have that were read last. Safe for use by several threads.
 */
public final class CatalogTables {
  /** What is read of metadata and manifests at once, and what is made of it. */
  private static final long READING_BYTES = 24L << 20;

  private static final int MOST_SIZES = 10_000;

  private static final int MOST_TABLES = 100;

  /** Of what is kept of files. */
  private static final long MOST_BYTES =
      Math.min(128L << 20, Runtime.getRuntime().maxMemory() / 16);

  /** Of JSON, for a byte of text: as it is, read, and written again. */
  private static final long WEIGHT_OF_BYTE = 14;

  private final TableSources sources;
  private final TableStorages storages;
  private final IcebergSources iceberg;
  private final UniformMetadata uniform;
  private final Map<State, ReferencedFiles> references = new LinkedHashMap<>(16, 0.75f, true);

  /** How long the metadata was that was read last of a table. */
  private final Map<SharedTable, Integer> sizes = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param storages the stores of tables, by their directories
   * @param iceberg the tables that are Iceberg's; all others are Delta's
   */
  public CatalogTables(TableSources sources, TableStorages storages, IcebergSources iceberg) {
    this.sources = sources;
    this.storages = storages;
    this.iceberg = iceberg;
    this.uniform = new UniformMetadata(sources);
  }

  /** A state of a table as it is shared: what is shared of it may change. */
  private record State(SharedTable table, String file) {}

  /** An estimate of the memory, in bytes, that {@link #newest} takes. */
  public long readingBytes(SharedTable table) {
    long last;
    synchronized (sizes) {
      last = sizes.getOrDefault(table, 0);
    }
    return READING_BYTES + WEIGHT_OF_BYTE * last + sources.open(table).readingBytes();
  }

  /**
   * The newest metadata of a table.
   *
   * @throws SourceException if it has none, or cannot be read
   */
  public MetadataFile newest(SharedTable table) {
    MetadataFile newest =
        IcebergSources.isIceberg(table)
            ? iceberg.metadata(table, Optional.empty())
            : uniform.newest(delta(table));
    synchronized (sizes) {
      sizes.put(table, newest.bytes());
      if (sizes.size() > MOST_SIZES) {
        sizes.remove(sizes.keySet().iterator().next());
      }
    }
    return newest;
  }

  /** The metadata in a file that {@link #newest} gave before. */
  private MetadataFile at(SharedTable table, String file) {
    return IcebergSources.isIceberg(table)
        ? iceberg.metadata(table, Optional.of(file))
        : uniform.at(delta(table), file);
  }

  private IcebergTable delta(SharedTable table) {
    return new IcebergTable(table, storages.of(table));
  }

  /** The table with its directory as its location. */
  public SharedTable placed(SharedTable table) {
    return iceberg.placed(table);
  }

  /** The files of a state of a table, if they were asked for before and are still kept. */
  public Optional<ReferencedFiles> keptReferences(SharedTable table, String file) {
    synchronized (references) {
      return Optional.ofNullable(references.get(new State(table, file)));
    }
  }

  /**
   * The files of a state of a table.
   *
   * @param file the path of its metadata
   */
  public ReferencedFiles references(SharedTable table, String file) {
    Optional<ReferencedFiles> kept = keptReferences(table, file);
    return kept.isPresent() ? kept.get() : keep(table, at(table, file));
  }

  /** Keeps the files of a state of a table that is about to be read. */
  public ReferencedFiles keep(SharedTable table, MetadataFile metadata) {
    synchronized (references) {
      ReferencedFiles files =
          references.computeIfAbsent(
              new State(table, metadata.path()), state -> metadata.references());
      long bytes = references.values().stream().mapToLong(ReferencedFiles::weight).sum();
      var oldest = references.values().iterator();
      while (references.size() > MOST_TABLES || bytes > MOST_BYTES && references.size() > 1) {
        bytes -= oldest.next().weight();
        oldest.remove();
      }
      return files;
    }
  }
}
