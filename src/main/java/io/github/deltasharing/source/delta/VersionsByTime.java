/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.TableImpl;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the versions of a table by the times of their commits: those that the commits say, from the
 * version on in which they do, and before it the modification times of their files. Used by one
 * thread.
 */
final class VersionsByTime {
  private static final Logger LOG = LoggerFactory.getLogger(VersionsByTime.class);

  private final Engine engine;
  private final TableImpl kernel;
  private final Optional<InCommitTimes> inCommit;

  VersionsByTime(Engine engine, TableImpl kernel, DeltaSnapshot latest) {
    this.engine = engine;
    this.kernel = kernel;
    this.inCommit = InCommitTimes.of(engine, latest);
  }

  /** The earliest version at or after a time; none if all are earlier. */
  OptionalLong atOrAfter(Instant time) throws TableNotFoundException {
    long millis = time.toEpochMilli();
    if (inCommit.isPresent() && inCommit.get().covers(millis)) {
      return inCommit.get().firstAtOrAfter(millis);
    }
    OptionalLong found = find(() -> kernel.getVersionAtOrAfterTimestamp(engine, millis));
    if (inCommit.isEmpty()) {
      return found;
    }
    long first = inCommit.get().firstVersion();
    return OptionalLong.of(Math.min(found.orElse(first), first));
  }

  /** The latest version at or before a time; none if all are later. */
  OptionalLong atOrBefore(Instant time) throws TableNotFoundException {
    long millis = time.toEpochMilli();
    if (inCommit.isPresent() && inCommit.get().covers(millis)) {
      return inCommit.get().lastAtOrBefore(millis);
    }
    OptionalLong found = find(() -> kernel.getVersionBeforeOrAtTimestamp(engine, millis));
    return inCommit.isEmpty() || found.isEmpty()
        ? found
        : OptionalLong.of(Math.min(found.getAsLong(), inCommit.get().firstVersion() - 1));
  }

  private static OptionalLong find(Search search) {
    try {
      return OptionalLong.of(search.run());
    } catch (KernelException e) {
      LOG.debug("No version at that time", e);
      return OptionalLong.empty();
    }
  }

  /** A search that Kernel does. */
  private interface Search {
    long run();
  }
}
