package io.github.deltasharing.server;

import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.TableImpl;
import java.time.Instant;
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
    String gone =
        "Cannot read version %d of %s: it is not in the table's log any more. Ask for a later one"
            .formatted(version, table.fullName());
    return snapshot(table, gone, e -> kernelTable(table).getSnapshotAsOfVersion(e, version));
  }

  /** The version that was the latest at a time. */
  TableSnapshot atTimestamp(SharedTable table, Instant time) {
    String outside =
        "Cannot read %s as of %s: the time is before the first or after the latest commit that is"
                .formatted(table.fullName(), time)
            + " still in the table's log";
    return snapshot(
        table, outside, e -> kernelTable(table).getSnapshotAsOfTimestamp(e, time.toEpochMilli()));
  }

  /** The earliest version at or after a time. */
  long versionAtOrAfter(SharedTable table, Instant time) {
    TableImpl kernel = (TableImpl) kernelTable(table);
    latest(table);
    try {
      return kernel.getVersionAtOrAfterTimestamp(engine, time.toEpochMilli());
    } catch (KernelException e) {
      LOG.debug("No version of {} at or after {}", table.fullName(), time, e);
      throw ServerError.invalid(
          "Cannot find a version of %s at or after %s: its latest commit is earlier"
              .formatted(table.fullName(), time));
    }
  }

  private TableSnapshot snapshot(SharedTable table, String refusal, Loader loader) {
    try {
      return new TableSnapshot(table, engine, (SnapshotImpl) loader.load(engine));
    } catch (TableNotFoundException e) {
      throw vanished(table, e);
    } catch (KernelException e) {
      LOG.debug("Refused: {}", refusal, e);
      throw unsupported(e) ? cannotRead(table, e) : ServerError.invalid(refusal);
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
}
