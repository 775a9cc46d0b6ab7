/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.index.CollectedFiles;
import io.github.deltasharing.source.index.IndexBuild;
import io.github.deltasharing.source.index.IndexCache;
import io.github.deltasharing.source.index.IndexKey;
import io.github.deltasharing.source.index.IndexedFiles;
import io.github.deltasharing.source.index.VectorCodec;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of tables' newest versions in memory. They are collected while manifests are read for
 * whoever reads them all. Of a newer version whose rows are not deleted in files, the manifests are
 * read that are new, and those that are gone. Safe for use by several threads.
 */
final class ManifestIndexes {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestIndexes.class);
  private static final VectorCodec VECTORS = new IcebergVectorCodec();

  /** How long a query waits for another one that reads the same manifests. */
  private static final long WAIT_MILLIS = 1_000;

  private final IndexCache cache;

  ManifestIndexes(IndexCache cache) {
    this.cache = cache;
  }

  /** Whether the files of a version of a table, or of a newer one, are kept. */
  boolean has(URI location, long version) {
    return cache
        .newestBefore(location, Long.MAX_VALUE)
        .filter(key -> key.version() >= version)
        .isPresent();
  }

  /** The files of a version, if they are kept or those of an earlier one are. */
  Optional<IndexedFiles> find(IcebergSnapshot snapshot) {
    if (cache.isOff() || snapshot.isEmpty()) {
      return Optional.empty();
    }
    IndexKey key = snapshot.indexKey();
    Optional<IndexedFiles> files = cache.find(key, VECTORS);
    if (files.isEmpty() && snapshot.isLatest()) {
      files = updated(snapshot, key);
    }
    cache.noteLookup(files.isPresent());
    return files;
  }

  private Optional<IndexedFiles> updated(IcebergSnapshot snapshot, IndexKey key) {
    Optional<NewerManifests> newer = newer(snapshot, key);
    if (newer.isEmpty()) {
      return Optional.empty();
    }
    Optional<IndexBuild> build = cache.build(key, VECTORS);
    if (build.isPresent()) {
      try (IndexBuild building = build.get()) {
        update(snapshot, newer.get(), building);
      }
    } else {
      cache.awaitBuild(key, WAIT_MILLIS);
    }
    return cache.find(key, VECTORS);
  }

  private Optional<NewerManifests> newer(IcebergSnapshot snapshot, IndexKey key) {
    try {
      return cache.before(key.location(), key.version()).stream()
          .map(earlier -> NewerManifests.since(earlier, snapshot))
          .flatMap(Optional::stream)
          .findFirst();
    } catch (RuntimeException e) {
      // What is gone of an earlier version is not needed for this one.
      LOG.debug("Cannot tell what is new in {}", key.location(), e);
      return Optional.empty();
    }
  }

  private void update(IcebergSnapshot snapshot, NewerManifests newer, IndexBuild building) {
    Optional<IndexedFiles> earlier = cache.find(newer.earlier(), VECTORS);
    if (earlier.isEmpty()) {
      return;
    }
    try (IndexedFiles files = earlier.get()) {
      if (newer.apply(files, building)) {
        building.finish();
      }
    } catch (RuntimeException | IOException e) {
      // Whoever reads all manifests reports what is wrong with them.
      LOG.debug("Cannot read the newer manifests of {}", snapshot.indexKey().location(), e);
    }
  }

  /** The files of all manifests, which are kept once the last was read. */
  TableFileIterator collecting(IcebergSnapshot snapshot, TableFileIterator files) {
    if (cache.isOff()) {
      return files;
    }
    return Optional.of(snapshot.indexKey())
        .filter(key -> snapshot.isLatest() || cache.isWantedAgain(key))
        .flatMap(key -> cache.build(key, VECTORS))
        .<TableFileIterator>map(build -> new CollectedFiles(files, build, () -> true))
        .orElse(files);
  }
}
