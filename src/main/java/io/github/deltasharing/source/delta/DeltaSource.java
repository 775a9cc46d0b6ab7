/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.TableImpl;
import io.delta.kernel.utils.FileStatus;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.TableSource;
import io.github.deltasharing.source.VersionRange;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of a Delta table, read with Delta Kernel. Looks for new commits before it hands out
 * a latest snapshot that was kept. Safe for use by several threads.
 */
final class DeltaSource implements TableSource {
  private static final Logger LOG = LoggerFactory.getLogger(DeltaSource.class);

  private final DeltaTable table;
  private final SnapshotCache cache;
  private final LogWeights weights;
  private final LogIndexes indexes;

  DeltaSource(DeltaTable table, SnapshotCache cache, LogWeights weights, LogIndexes indexes) {
    this.table = table;
    this.cache = cache;
    this.weights = weights;
    this.indexes = indexes;
  }

  /** The latest version. */
  @Override
  public DeltaSnapshot latest() {
    Engine engine = new LogEngine(table);
    SnapshotCache.Latest latest =
        cache.latest(
            table,
            () ->
                (SnapshotImpl)
                    LogFailures.reading(
                        table, () -> kernelTable(engine).getLatestSnapshot(engine)));
    return DeltaSnapshot.latest(table, engine, latest, indexes);
  }

  /**
   * The latest version that has what times need to be looked up. A commit that is half written, or
   * one that is missing, must not keep requests for an older version from reading it.
   */
  private DeltaSnapshot latestReadable() {
    try {
      return latest();
    } catch (SourceException damaged) {
      LogListing log = LogListing.of(table);
      OptionalLong before = log.lastReadable(log.last().orElse(0));
      if (before.isEmpty()) {
        throw damaged;
      }
      return load(before.getAsLong());
    }
  }

  /** The number of the latest version, whether it can be read or not. */
  @Override
  public long latestVersion() {
    try {
      return latest().version();
    } catch (SourceException damaged) {
      return LogListing.of(table).last().orElseThrow(() -> damaged);
    }
  }

  /** A version; a {@link SourceException} when there is none such (any more). */
  @Override
  public DeltaSnapshot atVersion(long version) {
    long last = -1;
    try {
      DeltaSnapshot latest = latest();
      if (version == latest.version()) {
        return latest;
      }
      last = latest.version();
    } catch (SourceException damaged) {
      last = LogListing.of(table).last().orElseThrow(() -> damaged);
      if (version == last) {
        throw damaged;
      }
    }
    if (version < last) {
      return load(version);
    }
    throw SourceException.invalid(
        "Cannot read version %d of %s: its latest version is %d"
            .formatted(version, table.fullName(), last));
  }

  private DeltaSnapshot load(long version) {
    Engine engine = new LogEngine(table);
    try {
      Snapshot snapshot = kernelTable(engine).getSnapshotAsOfVersion(engine, version);
      return DeltaSnapshot.older(table, engine, (SnapshotImpl) snapshot, indexes);
    } catch (RuntimeException e) {
      LOG.debug("Cannot read version {} of {}", version, table.fullName(), e);
      throw MissingVersions.refusal(table, version).orElseGet(() -> LogFailures.of(table, e));
    }
  }

  /** The version that was the latest at a time. */
  @Override
  public DeltaSnapshot atTimestamp(Instant time) {
    String outside =
        "Cannot read %s as of %s: the time is before the first or after the latest commit that is"
                .formatted(table.fullName(), time)
            + " still in the table's log";
    DeltaSnapshot latest = latestReadable();
    boolean inCommit =
        LogFailures.reading(table, () -> InCommitTimes.of(latest.engine(), latest).isPresent());
    if (!inCommit) {
      return atFileTime(time, outside);
    }
    OptionalLong version = byTime(latest, versions -> versions.atOrBefore(time));
    if (version.isEmpty() || time.toEpochMilli() > latest.timestamp()) {
      throw SourceException.invalid(outside);
    }
    return atVersion(version.getAsLong());
  }

  private DeltaSnapshot atFileTime(Instant time, String outside) {
    Engine engine = new LogEngine(table);
    try {
      Snapshot snapshot = kernelTable(engine).getSnapshotAsOfTimestamp(engine, time.toEpochMilli());
      return DeltaSnapshot.older(table, engine, (SnapshotImpl) snapshot, indexes);
    } catch (RuntimeException e) {
      LOG.debug("Cannot read {} as of {}", table.fullName(), time, e);
      throw LogFailures.isOutsideHistory(e)
          ? SourceException.invalid(outside)
          : LogFailures.of(table, e);
    }
  }

  /** The earliest version at or after a time. */
  @Override
  public long versionAtOrAfter(Instant time) {
    return byTime(latestReadable(), versions -> versions.atOrAfter(time))
        .orElseThrow(
            () ->
                SourceException.invalid(
                    "Cannot find a version of %s at or after %s: its latest commit is earlier"
                        .formatted(table.fullName(), time)));
  }

  /** The latest version at or before a time. */
  @Override
  public long versionAtOrBefore(Instant time) {
    return byTime(latestReadable(), versions -> versions.atOrBefore(time))
        .orElseThrow(
            () ->
                SourceException.invalid(
                    "Cannot find a version of %s at or before %s: its first commit is later"
                        .formatted(table.fullName(), time)));
  }

  private OptionalLong byTime(DeltaSnapshot latest, TimeSearch search) {
    return LogFailures.reading(
        table,
        () -> {
          Engine engine = latest.engine();
          return search.find(new VersionsByTime(engine, (TableImpl) kernelTable(engine), latest));
        });
  }

  /** The changes of versions that the table has, or a {@link SourceException} if it lost some. */
  @Override
  public DeltaChanges changes(VersionRange range) {
    DeltaSnapshot head = atVersion(range.start());
    Engine engine = new LogEngine(table);
    CommitReader commits = new CommitReader(table, engine, range.start(), commits(engine, range));
    RemovedFiles removed = new RemovedFiles(table, this::atVersion, commits);
    return LogFailures.reading(
        table, () -> new DeltaChanges(head, commits, CommitSurvey.of(head, commits), removed));
  }

  private List<FileStatus> commits(Engine engine, VersionRange range) {
    if (range.isEmpty()) {
      return List.of();
    }
    try {
      return CommitReader.files(table, engine, range.start(), range.end());
    } catch (KernelException e) {
      LOG.debug("Not all commits of {} are there", table.fullName(), e);
      throw MissingVersions.refusal(table, range);
    }
  }

  private Table kernelTable(Engine engine) {
    return Table.forPath(engine, table.path());
  }

  @Override
  public long readingBytes() {
    return weights.of(table);
  }

  @Override
  public long latestQueryBytes() {
    return weights.ofQuery(table, indexes.newest(table.location()));
  }

  /** Finds a version by its time. */
  private interface TimeSearch {
    OptionalLong find(VersionsByTime versions) throws TableNotFoundException;
  }
}
