/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.server.config.CatalogConfig;
import io.github.deltasharing.server.share.IcebergLocation;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.TablePlaces;
import io.github.deltasharing.server.storage.TableStorages;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.StoredFile;
import io.github.deltasharing.source.TableSource;
import io.github.deltasharing.source.index.IndexCache;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.NotFoundException;

/** Opens Iceberg tables; keeps the metadata of those that were used last. Thread-safe. */
public final class IcebergSources implements TablePlaces, AutoCloseable {
  /** A part of a manifest, what is made of one, and a response's. */
  private static final long LEAST_WEIGHT = 16L << 20;

  /** Of files that are in memory: a response's. */
  private static final long INDEXED_WEIGHT = 6L << 20;

  /** Of objects, for a byte of JSON. */
  private static final long WEIGHT_OF_BYTE = 4;

  private static final int MOST_ROOTS = 10_000;

  private static final String HINT = IcebergLocation.HINT;

  private final List<CatalogConfig> catalogs;
  private final TableStorages directories;
  private final Catalogs networked;
  private final MetadataCache cache;

  /** Directories of the tables of catalogs, where they were last. */
  private final Map<URI, URI> roots =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<URI, URI> eldest) {
              return size() > MOST_ROOTS;
            }
          });

  private final PositionDeleteFiles deletes = new PositionDeleteFiles();
  private final ExecutorService planning = PlanningThreads.start();
  private final ManifestIndexes indexes;

  /**
   * @param directories the stores of tables, by their directories
   * @param keptTables of how many tables the metadata is kept
   * @param indexes keeps the files of versions
   */
  public IcebergSources(
      List<CatalogConfig> catalogs, TableStorages directories, int keptTables, IndexCache indexes) {
    this.catalogs = List.copyOf(catalogs);
    this.networked = new Catalogs(catalogs);
    this.directories = directories;
    this.cache = new MetadataCache(keptTables);
    this.indexes = new ManifestIndexes(indexes);
  }

  /** Whether a table is one of these. */
  public static boolean isIceberg(SharedTable table) {
    return IcebergLocation.isIceberg(table.location());
  }

  private static Optional<IcebergLocation> location(SharedTable table) {
    return isIceberg(table) ? IcebergLocation.of(table.location()) : Optional.empty();
  }

  /** The versions of a table; nothing is read yet. */
  public TableSource open(SharedTable table) {
    return new IcebergSource(
        table.fullName(), () -> load(table), () -> weight(table), () -> queryWeight(table));
  }

  /**
   * The metadata of a table in a file of it.
   *
   * @param file the file's path below the table's directory; empty for the newest
   */
  MetadataFile metadata(SharedTable shared, Optional<String> file) {
    IcebergLocation location = location(shared).orElseThrow();
    if (file.isPresent()) {
      SharedTable placed = placed(shared);
      return MetadataFile.read(
          new IcebergTable(placed, directories.of(placed)), file.get(), location.ref());
    }
    IcebergLocation.AtPath newest = path(shared, location);
    SharedTable placed = shared.at(newest.root());
    IcebergTable table = new IcebergTable(placed, directories.of(placed));
    String path = IcebergFailures.reading(table, () -> path(table, newest.file()));
    return MetadataFile.read(table, path, newest.ref());
  }

  @Override
  public SharedTable placed(SharedTable table) {
    return location(table)
        .map(
            location -> {
              // A catalog is not asked for each file.
              URI known = roots.get(table.location());
              return table.at(known != null ? known : path(table, location).root());
            })
        .orElse(table);
  }

  /** The server serves no requests any more. */
  @Override
  public void close() {
    planning.shutdownNow();
    networked.close();
  }

  private long weight(SharedTable table) {
    return LEAST_WEIGHT + WEIGHT_OF_BYTE * cache.size(placed(table).location());
  }

  /** Of a query of the latest version, whose files may be in memory. */
  private long queryWeight(SharedTable table) {
    long weight = weight(table);
    URI location = placed(table).location();
    OptionalLong newest = cache.version(location);
    return newest.isPresent() && indexes.has(location, newest.getAsLong())
        ? weight - LEAST_WEIGHT + INDEXED_WEIGHT
        : weight;
  }

  private LoadedTable load(SharedTable shared) {
    IcebergLocation.AtPath path = path(shared, location(shared).orElseThrow());
    SharedTable placed = shared.at(path.root());
    IcebergTable table = new IcebergTable(placed, directories.of(placed));
    return IcebergFailures.reading(
        table,
        () ->
            LoadedTable.of(
                table, metadata(table, path.file()), path.ref(), deletes, planning, indexes));
  }

  private static String path(IcebergTable table, String file) {
    return file.equals(HINT) ? HadoopMetadata.newest(table) : IcebergLocation.METADATA + "/" + file;
  }

  private TableMetadata metadata(IcebergTable table, String file) {
    String path = path(table, file);
    StoredFile found =
        table
            .storage()
            .find(path)
            .orElseThrow(() -> new NotFoundException("%s is not there", path));
    return cache.get(table.shared().location(), path, found, () -> MetadataJson.read(table, path));
  }

  private IcebergLocation.AtPath path(SharedTable table, IcebergLocation location) {
    if (location instanceof IcebergLocation.AtPath path) {
      return path;
    }
    IcebergLocation.InCatalog named = (IcebergLocation.InCatalog) location;
    CatalogConfig catalog =
        catalogs.stream()
            .filter(config -> config.name().equals(named.catalog()))
            .findFirst()
            .orElseThrow(
                () ->
                    SourceException.notFound(
                        "Cannot read %s: the server's configuration has no catalog '%s'. Tell the provider"
                            .formatted(table.fullName(), named.catalog()),
                        null));
    if (!catalog.type().equals(CatalogConfig.HADOOP)) {
      IcebergLocation.AtPath found = networked.find(table, catalog, named);
      roots.put(table.location(), found.root());
      return found;
    }
    URI warehouse = catalog.warehouse();
    String directory =
        warehouse.getPath().replaceAll("/+$", "")
            + "/"
            + String.join("/", named.namespace())
            + "/"
            + named.table();
    try {
      return new IcebergLocation.AtPath(
          new URI(warehouse.getScheme(), warehouse.getAuthority(), directory, null, null),
          HINT,
          named.ref());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("A table's name is no path", e);
    }
  }
}
