/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.github.deltasharing.source.ListedFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The versions that a table's log has files for, looked at to say what is missing of it. Immutable.
 */
final class LogListing {
  private static final Pattern COMMIT = Pattern.compile("(\\d+)\\.json");
  private static final Pattern CHECKPOINT =
      Pattern.compile("(\\d+)\\.checkpoint(?:\\.(\\d+)\\.(\\d+)|\\.[^.]+)?\\.(?:parquet|json)");

  private final NavigableSet<Long> commits = new TreeSet<>();

  /** Versions of which a checkpoint is complete; a commit goes with each that can be read. */
  private final NavigableSet<Long> checkpoints = new TreeSet<>();

  private LogListing() {}

  /** Lists a table's log; nothing is in one that cannot be listed. */
  static LogListing of(DeltaTable table) {
    LogListing listing = new LogListing();
    Map<String, Set<String>> parts = new HashMap<>();
    try {
      for (ListedFile file : table.storage().list(DeltaTable.LOG, "")) {
        listing.add(file.name(), parts);
      }
    } catch (IOException e) {
      return new LogListing();
    }
    return listing;
  }

  private void add(String name, Map<String, Set<String>> parts) {
    Matcher commit = COMMIT.matcher(name);
    if (commit.matches()) {
      commits.add(Long.parseLong(commit.group(1)));
      return;
    }
    Matcher checkpoint = CHECKPOINT.matcher(name);
    if (!checkpoint.matches()) {
      return;
    }
    long version = Long.parseLong(checkpoint.group(1));
    if (checkpoint.group(2) == null) {
      checkpoints.add(version);
      return;
    }
    long all = Long.parseLong(checkpoint.group(3));
    Set<String> there = parts.computeIfAbsent(version + " of " + all, key -> new HashSet<>());
    there.add(checkpoint.group(2));
    if (there.size() == all) {
      checkpoints.add(version);
    }
  }

  /** The last version that there is a file for. */
  OptionalLong last() {
    long commit = commits.isEmpty() ? -1 : commits.last();
    long checkpoint = checkpoints.isEmpty() ? -1 : checkpoints.last();
    long last = Math.max(commit, checkpoint);
    return last < 0 ? OptionalLong.empty() : OptionalLong.of(last);
  }

  /** The last version before another one that has all its files. */
  OptionalLong lastReadable(long before) {
    return commits.headSet(before, false).descendingSet().stream()
        .mapToLong(Long::longValue)
        .filter(version -> missingFor(version).isEmpty())
        .findFirst();
  }

  /** The first commit that is missing of those that a version is read from, if one is. */
  OptionalLong missingFor(long version) {
    Long checkpoint = checkpoints.floor(version);
    return firstMissing(checkpoint == null ? 0 : checkpoint, version);
  }

  /** The first commit of a range that is missing. */
  OptionalLong firstMissing(long from, long to) {
    for (long version = from; version <= to; version++) {
      if (!commits.contains(version)) {
        return OptionalLong.of(version);
      }
    }
    return OptionalLong.empty();
  }

  /** Whether nothing is left of all versions up to this one: the log was cleaned up. */
  boolean startsAfter(long version) {
    return commits.headSet(version, true).isEmpty();
  }

  /** The first version at or after another one that can be read. */
  OptionalLong firstReadable(long from) {
    return commits.tailSet(from, true).stream()
        .mapToLong(Long::longValue)
        .filter(version -> missingFor(version).isEmpty())
        .findFirst();
  }
}
