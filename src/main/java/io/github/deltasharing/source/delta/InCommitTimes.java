/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.DeltaHistoryManager;
import io.delta.kernel.internal.actions.CommitInfo;
import io.delta.kernel.internal.fs.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The times that commits themselves say, of a table that has them: from some version on, all
 * commits do, and each is later than the one before (Delta protocol, "In-Commit Timestamps"). Reads
 * a few commits a search. Used by one thread.
 */
final class InCommitTimes {
  private final Engine engine;
  private final Path directory;
  private final long firstVersion;
  private final long firstTime;
  private final long latest;

  private InCommitTimes(Engine engine, DeltaSnapshot latest, Map<String, String> properties) {
    this.engine = engine;
    this.directory = new Path(latest.deltaTable().path());
    this.firstVersion = number(properties, "delta.inCommitTimestampEnablementVersion", 0);
    this.firstTime =
        number(properties, "delta.inCommitTimestampEnablementTimestamp", Long.MIN_VALUE);
    this.latest = latest.version();
  }

  /** The times of a table's commits, if it has them in its latest version. */
  static Optional<InCommitTimes> of(Engine engine, DeltaSnapshot latest) {
    Map<String, String> properties = latest.kernelMetadata().getConfiguration();
    return properties.getOrDefault("delta.enableInCommitTimestamps", "").equalsIgnoreCase("true")
        ? Optional.of(new InCommitTimes(engine, latest, properties))
        : Optional.empty();
  }

  private static long number(Map<String, String> properties, String name, long otherwise) {
    String text = properties.get(name);
    return text == null ? otherwise : Long.parseLong(text);
  }

  /** The first version that says its time. */
  long firstVersion() {
    return firstVersion;
  }

  /** Whether the commits at a time said theirs. */
  boolean covers(long time) {
    return time >= firstTime;
  }

  /** The latest version at or before a time that is covered, if any is. */
  OptionalLong lastAtOrBefore(long time) throws TableNotFoundException {
    long low = earliest();
    if (time(low) > time) {
      return OptionalLong.empty();
    }
    long high = latest;
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      if (time(middle) <= time) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return OptionalLong.of(low);
  }

  /** The earliest version at or after a time that is covered, if any is. */
  OptionalLong firstAtOrAfter(long time) throws TableNotFoundException {
    OptionalLong before = lastAtOrBefore(time - 1);
    if (before.isEmpty()) {
      return OptionalLong.of(earliest());
    }
    return before.getAsLong() == latest
        ? OptionalLong.empty()
        : OptionalLong.of(before.getAsLong() + 1);
  }

  private long earliest() throws TableNotFoundException {
    Path log = new Path(directory, "_delta_log");
    return Math.max(firstVersion, DeltaHistoryManager.getEarliestDeltaFile(engine, log));
  }

  private long time(long version) {
    Path log = new Path(directory, "_delta_log");
    return CommitInfo.getRequiredInCommitTimestamp(
        CommitInfo.getCommitInfoOpt(engine, log, version), String.valueOf(version), directory);
  }
}
