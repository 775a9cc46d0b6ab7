/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.utils.FileStatus;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.index.CollectedFiles;
import io.github.deltasharing.source.index.IndexBuild;
import io.github.deltasharing.source.index.IndexCache;
import io.github.deltasharing.source.index.IndexKey;
import io.github.deltasharing.source.index.IndexedFiles;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of tables' newest versions in memory. They are collected while a log is replayed for
 * whoever reads it whole, and brought up to date by the commits that come. Safe for use by several
 * threads.
 */
final class LogIndexes {
  private static final Logger LOG = LoggerFactory.getLogger(LogIndexes.class);

  /** More new commits, or larger ones, are not applied to what is kept: the log is replayed. */
  private static final int MOST_COMMITS = 100;

  private static final long MOST_COMMIT_BYTES = 32L << 20;

  /** How long a query waits for another one that applies the same commits. */
  private static final long WAIT_MILLIS = 1_000;

  private final IndexCache cache;

  LogIndexes(IndexCache cache) {
    this.cache = cache;
  }

  /** The newest version of a table that is kept. */
  OptionalLong newest(URI location) {
    return cache
        .newestBefore(location, Long.MAX_VALUE)
        .map(key -> OptionalLong.of(key.version()))
        .orElse(OptionalLong.empty());
  }

  /** The files of a version, if they are kept or those of an earlier one are. */
  Optional<IndexedFiles> find(DeltaSnapshot snapshot) {
    if (cache.isOff()) {
      return Optional.empty();
    }
    Optional<IndexedFiles> files = keptOrUpdated(snapshot);
    cache.noteLookup(files.isPresent());
    return files;
  }

  private Optional<IndexedFiles> keptOrUpdated(DeltaSnapshot snapshot) {
    Optional<IndexKey> key = key(snapshot);
    LogVectors vectors = new LogVectors(snapshot.deltaTable());
    Optional<IndexedFiles> kept = key.flatMap(version -> cache.find(version, vectors));
    if (kept.isPresent() || key.isEmpty() || !snapshot.isLatest()) {
      return kept;
    }
    Optional<IndexKey> base = base(snapshot.deltaTable(), key.get());
    if (base.isEmpty()) {
      return Optional.empty();
    }
    Optional<IndexBuild> build = cache.build(key.get(), vectors);
    if (build.isPresent()) {
      try (IndexBuild building = build.get()) {
        update(snapshot, base.get(), building, vectors);
      }
    } else {
      cache.awaitBuild(key.get(), WAIT_MILLIS);
    }
    return cache.find(key.get(), vectors);
  }

  private Optional<IndexKey> base(DeltaTable table, IndexKey key) {
    return cache
        .newestBefore(key.location(), key.version())
        .filter(base -> key.version() - base.version() <= MOST_COMMITS)
        .filter(base -> isUnchanged(table, base));
  }

  private static boolean isUnchanged(DeltaTable table, IndexKey key) {
    return table
        .storage()
        .find(DeltaTable.commit(key.version()))
        .filter(key.state()::equals)
        .isPresent();
  }

  private void update(
      DeltaSnapshot snapshot, IndexKey base, IndexBuild building, LogVectors vectors) {
    Optional<IndexedFiles> older = cache.find(base, vectors);
    if (older.isEmpty()) {
      return;
    }
    try (IndexedFiles files = older.get()) {
      DeltaTable table = snapshot.deltaTable();
      long first = base.version() + 1;
      List<FileStatus> commits =
          CommitReader.files(table, snapshot.engine(), first, snapshot.version());
      if (commits.stream().mapToLong(FileStatus::getSize).sum() > MOST_COMMIT_BYTES) {
        return;
      }
      CommitReader reader = new CommitReader(table, snapshot.engine(), first, commits);
      if (IndexUpdate.apply(reader, files, building) && isUnchanged(table, building.key())) {
        building.finish();
      }
    } catch (RuntimeException | IOException e) {
      // Whoever reads the log whole reports what is wrong with it.
      LOG.debug("Cannot apply new commits of {}", snapshot.deltaTable().fullName(), e);
    }
  }

  /** The files of a log that is replayed, which are kept once the last was read. */
  TableFileIterator collecting(DeltaSnapshot snapshot, TableFileIterator files) {
    if (cache.isOff()) {
      return files;
    }
    return key(snapshot)
        .filter(key -> snapshot.isLatest() || cache.isWantedAgain(key))
        .flatMap(key -> cache.build(key, new LogVectors(snapshot.deltaTable())))
        .<TableFileIterator>map(
            build ->
                new CollectedFiles(
                    files, build, () -> isUnchanged(snapshot.deltaTable(), build.key())))
        .orElse(files);
  }

  /** Empty if the version's commit is not the one that the snapshot was read from. */
  private static Optional<IndexKey> key(DeltaSnapshot snapshot) {
    return snapshot
        .commit()
        .filter(commit -> snapshot.isOf(commit))
        .map(commit -> new IndexKey(snapshot.deltaTable().location(), snapshot.version(), commit));
  }
}
