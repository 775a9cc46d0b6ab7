package io.github.deltasharing.server;

import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.DeltaHistoryManager;
import io.delta.kernel.internal.DeltaLogActionUtils;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.TableImpl;
import io.delta.kernel.internal.fs.Path;
import io.delta.kernel.utils.FileStatus;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of shared tables, read with Delta Kernel. Keeps the latest snapshots of the tables
 * that were used last, and looks for new commits before it hands one out. Safe for use by several
 * threads.
 */
final class TableLog {
  private static final Logger LOG = LoggerFactory.getLogger(TableLog.class);
  private static final Pattern FEATURES = Pattern.compile("features \\[([^\\]]*)]");

  private final Engine engine = DefaultEngine.create(new Configuration());
  private final SnapshotCache cache;

  TableLog(ServerSettings settings) {
    this.cache = new SnapshotCache(settings);
  }

  /** The latest version. */
  TableSnapshot latest(SharedTable table) {
    SnapshotImpl snapshot =
        cache.latest(
            table, () -> (SnapshotImpl) load(table, kernelTable(table)::getLatestSnapshot));
    return new TableSnapshot(table, engine, snapshot);
  }

  /** A version; a {@link ServerError} 400 when there is none such (any more). */
  TableSnapshot atVersion(SharedTable table, long version) {
    TableSnapshot latest = latest(table);
    if (version == latest.version()) {
      return latest;
    }
    if (version > latest.version()) {
      throw ServerError.invalid(
          "Cannot read version %d of %s: its latest version is %d"
              .formatted(version, table.fullName(), latest.version()));
    }
    return snapshot(
        table,
        () ->
            "Cannot read version %d of %s: it is not in the table's log any more. %s"
                .formatted(version, table.fullName(), earliest(table)),
        e -> kernelTable(table).getSnapshotAsOfVersion(e, version));
  }

  /** The version that was the latest at a time. */
  TableSnapshot atTimestamp(SharedTable table, Instant time) {
    String outside =
        "Cannot read %s as of %s: the time is before the first or after the latest commit that is"
                .formatted(table.fullName(), time)
            + " still in the table's log";
    TableSnapshot latest = latest(table);
    if (InCommitTimes.of(engine, latest).isEmpty()) {
      return snapshot(
          table,
          () -> outside,
          e -> kernelTable(table).getSnapshotAsOfTimestamp(e, time.toEpochMilli()));
    }
    OptionalLong version = byTime(table, latest, versions -> versions.atOrBefore(time));
    if (version.isEmpty() || time.toEpochMilli() > latest.timestamp()) {
      throw ServerError.invalid(outside);
    }
    return atVersion(table, version.getAsLong());
  }

  /** The earliest version at or after a time. */
  long versionAtOrAfter(SharedTable table, Instant time) {
    return byTime(table, latest(table), versions -> versions.atOrAfter(time))
        .orElseThrow(
            () ->
                ServerError.invalid(
                    "Cannot find a version of %s at or after %s: its latest commit is earlier"
                        .formatted(table.fullName(), time)));
  }

  /** The latest version at or before a time. */
  long versionAtOrBefore(SharedTable table, Instant time) {
    return byTime(table, latest(table), versions -> versions.atOrBefore(time))
        .orElseThrow(
            () ->
                ServerError.invalid(
                    "Cannot find a version of %s at or before %s: its first commit is later"
                        .formatted(table.fullName(), time)));
  }

  private OptionalLong byTime(SharedTable table, TableSnapshot latest, TimeSearch search) {
    try {
      return search.find(new VersionsByTime(engine, (TableImpl) kernelTable(table), latest));
    } catch (TableNotFoundException e) {
      throw vanished(table, e);
    }
  }

  /** The changes of versions that the table has, or a {@link ServerError} 400 if it lost some. */
  TableChanges changes(SharedTable table, ChangeRange range) {
    TableSnapshot head = atVersion(table, range.start());
    CommitReader commits = new CommitReader(engine, range.start(), commits(table, range));
    RemovedFiles removed = new RemovedFiles(table, v -> atVersion(table, v), commits);
    try {
      return new TableChanges(head, commits, CommitSurvey.of(head, commits), removed);
    } catch (KernelException e) {
      if (unsupported(e)) {
        throw cannotRead(table, e);
      }
      throw e;
    }
  }

  private List<FileStatus> commits(SharedTable table, ChangeRange range) {
    if (range.isEmpty()) {
      return List.of();
    }
    try {
      return DeltaLogActionUtils.getCommitFilesForVersionRange(
          engine, new Path(table.directory().toString()), range.start(), range.end());
    } catch (TableNotFoundException e) {
      throw vanished(table, e);
    } catch (KernelException e) {
      LOG.debug("Not all commits of {} are there", table.fullName(), e);
      throw ServerError.invalid(
          "Cannot read changes of %s from version %d: the table's log does not have all commits"
                  .formatted(table.fullName(), range.start())
              + " from there on any more. "
              + earliest(table));
    }
  }

  /** Says from which version on the log still tells everything. */
  private String earliest(SharedTable table) {
    Path log = new Path(table.directory().resolve("_delta_log").toString());
    try {
      return "The earliest version that is there is "
          + DeltaHistoryManager.getEarliestRecreatableCommit(engine, log);
    } catch (TableNotFoundException e) {
      throw vanished(table, e);
    } catch (RuntimeException e) {
      LOG.warn("The log of {} is damaged", table.fullName(), e);
      return "Its history is damaged: tell the provider";
    }
  }

  private TableSnapshot snapshot(SharedTable table, Supplier<String> refusal, Loader loader) {
    try {
      return new TableSnapshot(table, engine, (SnapshotImpl) loader.load(engine));
    } catch (TableNotFoundException e) {
      throw vanished(table, e);
    } catch (KernelException e) {
      LOG.debug("Cannot read {}", table.fullName(), e);
      throw unsupported(e) ? cannotRead(table, e) : ServerError.invalid(refusal.get());
    }
  }

  private Snapshot load(SharedTable table, Loader loader) {
    try {
      return loader.load(engine);
    } catch (TableNotFoundException e) {
      throw vanished(table, e);
    } catch (KernelException e) {
      if (unsupported(e)) {
        throw cannotRead(table, e);
      }
      throw e;
    }
  }

  private Table kernelTable(SharedTable table) {
    return Table.forPath(engine, table.directory().toString());
  }

  private static ServerError vanished(SharedTable table, TableNotFoundException cause) {
    LOG.warn("There is no Delta table in {} ({})", table.directory(), table.fullName());
    return new ServerError(
        404,
        ServerError.RESOURCE_DOES_NOT_EXIST,
        "Cannot read "
            + table.fullName()
            + ": there is no Delta table at the location that the provider configured. Tell the"
            + " provider",
        cause);
  }

  private static boolean unsupported(KernelException e) {
    return e.getMessage() != null && e.getMessage().startsWith("Unsupported Delta");
  }

  /** Kernel's own message has the table's path in it. */
  private static ServerError cannotRead(SharedTable table, KernelException cause) {
    Matcher features = FEATURES.matcher(cause.getMessage());
    String what =
        features.find() ? "the features " + features.group(1) : "a newer version of the protocol";
    return new ServerError(
        400,
        ServerError.UNSUPPORTED_OPERATION,
        "Cannot serve "
            + table.fullName()
            + ": the table uses "
            + what
            + ", which this server does not know. Ask the provider to drop the feature",
        cause);
  }

  /** Loads a snapshot. */
  private interface Loader {
    Snapshot load(Engine engine);
  }

  /** Finds a version by its time. */
  private interface TimeSearch {
    OptionalLong find(VersionsByTime versions) throws TableNotFoundException;
  }
}
