package io.github.deltasharing.server.delta;

import io.github.deltasharing.server.share.SharedTable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
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
public final class LogWeights {
  private static final Pattern LOG_FILE = Pattern.compile("0(\\d{19})(\\.json|\\.checkpoint\\..*)");
  private static final long KEPT_NANOS = Duration.ofSeconds(5).toNanos();

  /** What a request takes for a log of nothing. */
  private static final long LEAST_BYTES = 2 << 20;

  /** Bytes in the heap for a byte of the log: rows in batches, paths that were seen, a page. */
  private static final int BYTES_PER_BYTE = 2;

  private final Map<String, Weight> weights = new ConcurrentHashMap<>();

  /** The estimate, in bytes. */
  public long of(SharedTable table) {
    Weight weight = weights.get(table.key());
    if (weight == null || System.nanoTime() - weight.at() > KEPT_NANOS) {
      weight = new Weight(LEAST_BYTES + BYTES_PER_BYTE * logBytes(table), System.nanoTime());
      weights.put(table.key(), weight);
    }
    return weight.bytes();
  }

  /** The bytes of the newest checkpoint and of the commits after it. */
  private static long logBytes(SharedTable table) {
    Path log = table.directory().resolve("_delta_log");
    NavigableMap<Long, List<Path>> checkpoints = new TreeMap<>();
    NavigableMap<Long, Path> commits = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(log)) {
      for (Path file : files) {
        Matcher name = LOG_FILE.matcher(file.getFileName().toString());
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
      List<Path> read = newest == null ? new ArrayList<>() : newest.getValue();
      read.addAll(commits.tailMap(newest == null ? -1L : newest.getKey(), false).values());
      long bytes = 0;
      for (Path file : read) {
        bytes += Files.size(file);
      }
      return bytes + sidecarBytes(log.resolve("_sidecars"), checkpoints);
    } catch (IOException | DirectoryIteratorException e) {
      // Whoever reads the log says what is wrong with it.
      return 0;
    }
  }

  /**
   * Of the sidecars that the newest checkpoint may name: earlier checkpoints, which are kept for
   * weeks, have theirs in the same directory. One writes them before it is written itself.
   */
  private static long sidecarBytes(Path directory, NavigableMap<Long, List<Path>> checkpoints)
      throws IOException {
    long bytes = 0;
    var newest = checkpoints.lastEntry();
    if (newest != null && Files.isDirectory(directory)) {
      var before = checkpoints.lowerEntry(newest.getKey());
      FileTime since = before == null ? null : written(before.getValue());
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          if (since == null || Files.getLastModifiedTime(file).compareTo(since) > 0) {
            bytes += Files.size(file);
          }
        }
      }
    }
    return bytes;
  }

  private static FileTime written(List<Path> checkpoint) throws IOException {
    FileTime last = null;
    for (Path part : checkpoint) {
      FileTime time = Files.getLastModifiedTime(part);
      last = last == null || time.compareTo(last) > 0 ? time : last;
    }
    return last;
  }

  /** An estimate and when it was made. */
  private record Weight(long bytes, long at) {}
}
