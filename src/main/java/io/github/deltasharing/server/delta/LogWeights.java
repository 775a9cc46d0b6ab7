/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.delta;

import io.github.deltasharing.server.storage.StoredFile;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
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

  /** Bytes in the heap for a byte of the log: rows in batches, paths that were seen, a page. */
  private static final int BYTES_PER_BYTE = 2;

  private final Map<URI, Weight> weights = new ConcurrentHashMap<>();

  /** The estimate, in bytes. */
  long of(DeltaTable table) {
    Weight weight = weights.get(table.location());
    if (weight == null || System.nanoTime() - weight.at() > KEPT_NANOS) {
      weight = new Weight(LEAST_BYTES + BYTES_PER_BYTE * logBytes(table), System.nanoTime());
      weights.put(table.location(), weight);
    }
    return weight.bytes();
  }

  /** The bytes of the newest checkpoint and of the commits after it. */
  private static long logBytes(DeltaTable table) {
    NavigableMap<Long, List<String>> checkpoints = new TreeMap<>();
    NavigableMap<Long, String> commits = new TreeMap<>();
    try {
      for (String file : table.storage().list(DeltaTable.LOG)) {
        Matcher name = LOG_FILE.matcher(file);
        if (!name.matches()) {
          continue;
        }
        long version = Long.parseLong(name.group(1));
        String path = DeltaTable.LOG + "/" + file;
        if (name.group(2).equals(".json")) {
          commits.put(version, path);
        } else {
          checkpoints.computeIfAbsent(version, v -> new ArrayList<>()).add(path);
        }
      }
      var newest = checkpoints.lastEntry();
      List<String> read = newest == null ? new ArrayList<>() : newest.getValue();
      read.addAll(commits.tailMap(newest == null ? -1L : newest.getKey(), false).values());
      long bytes = 0;
      for (StoredFile file : find(table, read)) {
        bytes += file.size();
      }
      return bytes + sidecarBytes(table, checkpoints);
    } catch (IOException e) {
      // The request that reads the log reports what is wrong with it.
      return 0;
    }
  }

  /**
   * Of the sidecars that the newest checkpoint may name: earlier checkpoints, which are kept for
   * weeks, have theirs in the same directory. One writes them before it is written itself.
   */
  private static long sidecarBytes(DeltaTable table, NavigableMap<Long, List<String>> checkpoints)
      throws IOException {
    if (checkpoints.isEmpty()) {
      return 0;
    }
    var before = checkpoints.lowerEntry(checkpoints.lastKey());
    Instant since =
        before == null
            ? Instant.MIN
            : find(table, before.getValue()).stream()
                .map(StoredFile::lastModified)
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
    String directory = DeltaTable.LOG + "/" + SidecarNames.DIRECTORY;
    List<String> sidecars =
        table.storage().list(directory).stream().map(name -> directory + "/" + name).toList();
    return find(table, sidecars).stream()
        .filter(file -> file.lastModified().isAfter(since))
        .mapToLong(StoredFile::size)
        .sum();
  }

  private static List<StoredFile> find(DeltaTable table, List<String> paths) {
    return paths.stream().flatMap(path -> table.storage().find(path).stream()).toList();
  }

  /** An estimate and when it was made. */
  private record Weight(long bytes, long at) {}
}
