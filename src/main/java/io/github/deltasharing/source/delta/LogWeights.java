/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.github.deltasharing.source.ListedFile;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Estimates how much memory a request takes that reads a table's log, by the sizes of the files
 * that make up its latest version. An estimate is kept for some seconds. Safe for use by several
 * threads.
 */
final class LogWeights {
  private static final Pattern LOG_FILE = Pattern.compile("0(\\d{19})(\\.json|\\.checkpoint\\..*)");
  private static final long KEPT_NANOS = Duration.ofSeconds(5).toNanos();

  /** What a request takes for a log of nothing. */
  private static final long LEAST_BYTES = 2 << 20;

  /**
   * What a query takes of a version that is in memory, if its log is not smaller: more than what
   * passes for a small table's, for it may still write a long response.
   */
  private static final long IN_MEMORY_BYTES = 6 << 20;

  /** Bytes in the heap for a byte of the log: rows in batches, paths that were seen, a page. */
  private static final int BYTES_PER_BYTE = 2;

  private final Map<URI, Weight> weights = new ConcurrentHashMap<>();

  /** The estimate, in bytes. */
  long of(DeltaTable table) {
    return weight(table).bytes();
  }

  /**
   * The estimate for a query of the latest version.
   *
   * @param inMemory the version whose files are in memory
   */
  long ofQuery(DeltaTable table, OptionalLong inMemory) {
    Weight weight = weight(table);
    return inMemory.isPresent() && inMemory.getAsLong() >= weight.version()
        ? Math.min(weight.bytes(), IN_MEMORY_BYTES)
        : weight.bytes();
  }

  private Weight weight(DeltaTable table) {
    Weight weight = weights.get(table.location());
    if (weight == null || System.nanoTime() - weight.at() > KEPT_NANOS) {
      weight = weigh(table, weight == null ? 0 : weight.from());
      weights.put(table.location(), weight);
    }
    return weight;
  }

  /**
   * By the bytes of the newest checkpoint and of the commits after it.
   *
   * @param from a version before the newest checkpoint; files of earlier ones are not listed
   */
  private static Weight weigh(DeltaTable table, long from) {
    NavigableMap<Long, List<ListedFile>> checkpoints = new TreeMap<>();
    NavigableMap<Long, ListedFile> commits = new TreeMap<>();
    try {
      for (ListedFile file :
          table.storage().list(DeltaTable.LOG, String.format(Locale.ROOT, "%020d", from))) {
        Matcher name = LOG_FILE.matcher(file.name());
        if (!name.matches()) {
          continue;
        }
        long version = Long.parseLong(name.group(1));
        if (name.group(2).equals(".json")) {
          commits.put(version, file);
        } else {
          checkpoints.computeIfAbsent(version, v -> new ArrayList<>()).add(file);
        }
      }
      var newest = checkpoints.lastEntry();
      List<ListedFile> read = new ArrayList<>(newest == null ? List.of() : newest.getValue());
      read.addAll(commits.tailMap(newest == null ? -1L : newest.getKey(), false).values());
      long bytes =
          read.stream().mapToLong(ListedFile::size).sum() + sidecarBytes(table, checkpoints);
      long version = commits.isEmpty() ? Long.MAX_VALUE : commits.lastKey();
      if (newest == null) {
        return Weight.of(bytes, version, 0);
      }
      var before = checkpoints.lowerEntry(newest.getKey());
      return Weight.of(bytes, version, before == null ? from : before.getKey());
    } catch (IOException e) {
      // The request that reads the log reports what is wrong with it.
      return Weight.of(0, Long.MAX_VALUE, 0);
    }
  }

  /**
   * Of the sidecars that the newest checkpoint may name: earlier checkpoints, which are kept for
   * weeks, have theirs in the same directory. One writes them before it is written itself.
   */
  private static long sidecarBytes(
      DeltaTable table, NavigableMap<Long, List<ListedFile>> checkpoints) throws IOException {
    if (checkpoints.isEmpty()) {
      return 0;
    }
    var before = checkpoints.lowerEntry(checkpoints.lastKey());
    Instant since =
        before == null
            ? Instant.MIN
            : before.getValue().stream()
                .map(ListedFile::lastModified)
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
    String directory = DeltaTable.LOG + "/" + SidecarNames.DIRECTORY;
    return table.storage().list(directory, "").stream()
        .filter(file -> file.lastModified().isAfter(since))
        .mapToLong(ListedFile::size)
        .sum();
  }

  /**
   * An estimate, the latest version then, when it was made, and the version from which on files are
   * listed next time.
   */
  private record Weight(long bytes, long version, long at, long from) {
    static Weight of(long logBytes, long version, long from) {
      return new Weight(LEAST_BYTES + BYTES_PER_BYTE * logBytes, version, System.nanoTime(), from);
    }
  }
}
