package io.github.deltasharing.server.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.DeltaLogActionUtils;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.TableImpl;
import io.delta.kernel.internal.fs.Path;
import io.delta.kernel.utils.FileStatus;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.table.ChangeRange;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of shared tables, read with Delta Kernel. Keeps the latest snapshots of the tables
 * that were used last, and looks for new commits before it hands one out. Safe for use by several
 * threads.
 */
public final class TableLog {
  private static final Logger LOG = LoggerFactory.getLogger(TableLog.class);

  private final SnapshotCache cache;

  public TableLog(ServerSettings settings) {
    this.cache = new SnapshotCache(settings);
  }

  /** The latest version. */
  public TableSnapshot latest(SharedTable table) {
    Engine engine = new LogEngine(table);
    SnapshotImpl snapshot =
        cache.latest(
            table,
            () ->
                (SnapshotImpl)
                    LogFailures.reading(
                        table, () -> kernelTable(engine, table).getLatestSnapshot(engine)));
    return new TableSnapshot(table, engine, snapshot);
  }

  /**
   * The latest version that has what times need to be looked up. A commit that is half written, or
   * one that is missing, must not keep those who ask for an older version from reading it.
   */
  private TableSnapshot latestReadable(SharedTable table) {
    try {
      return latest(table);
    } catch (ServerError damaged) {
      LogListing log = LogListing.of(table);
      OptionalLong before = log.lastReadable(log.last().orElse(0));
      if (before.isEmpty()) {
        throw damaged;
      }
      return load(table, before.getAsLong());
    }
  }

  /** The number of the latest version, whether it can be read or not. */
  public long latestVersion(SharedTable table) {
    try {
      return latest(table).version();
    } catch (ServerError damaged) {
      return LogListing.of(table).last().orElseThrow(() -> damaged);
    }
  }

  /** A version; a {@link ServerError} 400 when there is none such (any more). */
  public TableSnapshot atVersion(SharedTable table, long version) {
    long last = -1;
    try {
      TableSnapshot latest = latest(table);
      if (version == latest.version()) {
        return latest;
      }
      last = latest.version();
    } catch (ServerError damaged) {
      last = LogListing.of(table).last().orElseThrow(() -> damaged);
      if (version == last) {
        throw damaged;
      }
    }
    if (version < last) {
      return load(table, version);
    }
    throw ServerError.invalid(
        "Cannot read version %d of %s: its latest version is %d"
            .formatted(version, table.fullName(), last));
  }

  private static TableSnapshot load(SharedTable table, long version) {
    Engine engine = new LogEngine(table);
    try {
      Snapshot snapshot = kernelTable(engine, table).getSnapshotAsOfVersion(engine, version);
      return new TableSnapshot(table, engine, (SnapshotImpl) snapshot);
    } catch (RuntimeException e) {
      LOG.debug("Cannot read version {} of {}", version, table.fullName(), e);
      throw LostVersions.refusal(table, version).orElseGet(() -> LogFailures.of(table, e));
    }
  }

  /** The version that was the latest at a time. */
  public TableSnapshot atTimestamp(SharedTable table, Instant time) {
    String outside =
        "Cannot read %s as of %s: the time is before the first or after the latest commit that is"
                .formatted(table.fullName(), time)
            + " still in the table's log";
    TableSnapshot latest = latestReadable(table);
    boolean inCommit =
        LogFailures.reading(table, () -> InCommitTimes.of(latest.engine(), latest).isPresent());
    if (!inCommit) {
      return atFileTime(table, time, outside);
    }
    OptionalLong version = byTime(table, latest, versions -> versions.atOrBefore(time));
    if (version.isEmpty() || time.toEpochMilli() > latest.timestamp()) {
      throw ServerError.invalid(outside);
    }
    return atVersion(table, version.getAsLong());
  }

  private static TableSnapshot atFileTime(SharedTable table, Instant time, String outside) {
    Engine engine = new LogEngine(table);
    try {
      Snapshot snapshot =
          kernelTable(engine, table).getSnapshotAsOfTimestamp(engine, time.toEpochMilli());
      return new TableSnapshot(table, engine, (SnapshotImpl) snapshot);
    } catch (RuntimeException e) {
      LOG.debug("Cannot read {} as of {}", table.fullName(), time, e);
      throw LogFailures.isOutsideHistory(e)
          ? ServerError.invalid(outside)
          : LogFailures.of(table, e);
    }
  }

  /** The earliest version at or after a time. */
  public long versionAtOrAfter(SharedTable table, Instant time) {
    return byTime(table, latestReadable(table), versions -> versions.atOrAfter(time))
        .orElseThrow(
            () ->
                ServerError.invalid(
                    "Cannot find a version of %s at or after %s: its latest commit is earlier"
                        .formatted(table.fullName(), time)));
  }

  /** The latest version at or before a time. */
  public long versionAtOrBefore(SharedTable table, Instant time) {
    return byTime(table, latestReadable(table), versions -> versions.atOrBefore(time))
        .orElseThrow(
            () ->
                ServerError.invalid(
                    "Cannot find a version of %s at or before %s: its first commit is later"
                        .formatted(table.fullName(), time)));
  }

  private static OptionalLong byTime(SharedTable table, TableSnapshot latest, TimeSearch search) {
    return LogFailures.reading(
        table,
        () -> {
          Engine engine = latest.engine();
          return search.find(
              new VersionsByTime(engine, (TableImpl) kernelTable(engine, table), latest));
        });
  }

  /** The changes of versions that the table has, or a {@link ServerError} 400 if it lost some. */
  public TableChanges changes(SharedTable table, ChangeRange range) {
    TableSnapshot head = atVersion(table, range.start());
    Engine engine = new LogEngine(table);
    CommitReader commits =
        new CommitReader(table, engine, range.start(), commits(table, engine, range));
    RemovedFiles removed = new RemovedFiles(table, v -> atVersion(table, v), commits);
    return LogFailures.reading(
        table, () -> new TableChanges(head, commits, CommitSurvey.of(head, commits), removed));
  }

  private static List<FileStatus> commits(SharedTable table, Engine engine, ChangeRange range) {
    if (range.isEmpty()) {
      return List.of();
    }
    try {
      return DeltaLogActionUtils.getCommitFilesForVersionRange(
          engine, new Path(table.directory().toString()), range.start(), range.end());
    } catch (TableNotFoundException e) {
      throw LogFailures.of(table, e);
    } catch (KernelException e) {
      LOG.debug("Not all commits of {} are there", table.fullName(), e);
      throw LostVersions.refusal(table, range);
    }
  }

  private static Table kernelTable(Engine engine, SharedTable table) {
    return Table.forPath(engine, table.directory().toString());
  }

  /** Finds a version by its time. */
  private interface TimeSearch {
    OptionalLong find(VersionsByTime versions) throws TableNotFoundException;
  }
}
