/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import io.github.deltasharing.source.ListedFile;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.TableSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Versions of a table that were replaced long ago and are to go, with the files that only they
 * have. First the table gets a checkpoint of the first version that stays, and a commit after it,
 * so that no reader goes on with what it knows of the log; an hour later the log before it is
 * deleted. Who asks for a version before it is told by any reader of Delta that it is gone. Used by
 * one thread, for one look at a table.
 */
public final class OldVersions {
  private static final Pattern OF_VERSION = Pattern.compile("(\\d{20})\\.(.*)");
  private static final String CHECKPOINT = "checkpoint.parquet";

  /** One that does not lead out of the table's directory, nor into its log. */
  private static final Pattern DATA_FILE = Pattern.compile("[^/:]+\\.parquet");

  /** So long a request may take that has begun with the log as it was. */
  private static final Duration SETTLED = Duration.ofHours(1);

  private final TablePlace place;
  private final TableSource source;
  private final Instant now;
  private final NavigableMap<Long, Instant> commits = new TreeMap<>();
  private final NavigableMap<Long, Instant> checkpoints = new TreeMap<>();
  private final Set<String> log = new HashSet<>();

  private OldVersions(TablePlace place, TableSource source, Instant now) throws IOException {
    this.place = place;
    this.source = source;
    this.now = now;
    for (ListedFile file : place.log("")) {
      Matcher name = OF_VERSION.matcher(file.name());
      if (name.matches()) {
        long version = Long.parseLong(name.group(1));
        log.add(file.name());
        if (name.group(2).equals("json")) {
          commits.put(version, file.lastModified());
        } else if (name.group(2).equals(CHECKPOINT)) {
          checkpoints.put(version, file.lastModified());
        }
      }
    }
  }

  /**
   * Files to delete.
   *
   * @param first the version that stays, from which on the table is whole
   * @param log paths of the log's files before it, which go first
   * @param data paths of data files that are in no version from it on
   */
  public record Deletion(long first, List<String> log, List<String> data) {
    /** Deletes them; what is left of the table, should it fail, can be read. */
    public void from(TablePlace place) throws IOException {
      place.drop(log);
      place.drop(data);
    }
  }

  /**
   * What can be deleted of a table now; a checkpoint is written for what can be later.
   *
   * @param limit versions that were replaced before it are to go
   * @throws io.github.deltasharing.server.error.ServerError 409 when the table is not as
   *     publications write it
   */
  public static Optional<Deletion> find(
      TablePlace place, TableSource source, Instant limit, Instant now) throws IOException {
    OldVersions versions = new OldVersions(place, source, now);
    Optional<Long> wanted = versions.latestAt(limit);
    if (wanted.isEmpty() || !versions.isAfterStart(wanted.get())) {
      return Optional.empty();
    }
    DeltaTables.schema(source.latest());
    Set<String> data = versions.data(wanted.get());
    if (data.isEmpty()) {
      return Optional.empty();
    }
    if (!versions.isSettled(wanted.get())) {
      versions.settle(wanted.get());
      versions = new OldVersions(place, source, now);
    }
    for (long first : versions.checkpoints.headMap(wanted.get(), true).descendingKeySet()) {
      if (versions.isAfterStart(first) && versions.isSettled(first)) {
        return Optional.of(versions.deletion(first));
      }
    }
    return Optional.empty();
  }

  private boolean isAfterStart(long version) {
    return !commits.isEmpty() && version > commits.firstKey();
  }

  /** The latest version at a time, of commits without a gap. */
  private Optional<Long> latestAt(Instant time) {
    Optional<Long> latest = Optional.empty();
    for (var commit : commits.entrySet()) {
      if (latest.isPresent() && commit.getKey() != latest.get() + 1) {
        return Optional.empty();
      }
      if (commit.getValue().isAfter(time)) {
        return latest;
      }
      latest = Optional.of(commit.getKey());
    }
    return latest;
  }

  /** Whether all who read the table's latest version begin with a checkpoint, or a later one. */
  private boolean isSettled(long version) {
    Instant written = checkpoints.get(version);
    return written != null && written.isBefore(now.minus(SETTLED)) && isFollowed(version, written);
  }

  private boolean isFollowed(long version, Instant written) {
    return commits.tailMap(version, false).values().stream()
        .anyMatch(made -> !made.isBefore(written));
  }

  private void settle(long version) throws IOException {
    if (!checkpoints.containsKey(version)) {
      place.checkpoint(version);
    }
    OldVersions after = new OldVersions(place, source, now);
    Instant written = after.checkpoints.get(version);
    if (written == null || after.isFollowed(version, written)) {
      return;
    }
    try {
      place.commit(
          after.commits.lastKey() + 1,
          DeltaLog.text(
              List.of(
                  DeltaLog.commitInfo("VACUUM START", Map.of(), true, 0, "", now.toEpochMilli()))));
    } catch (FileAlreadyExistsException e) {
      // Somebody else's does as well.
    }
  }

  /** Data files that are in versions before one, and in none from it on. */
  private Set<String> data(long first) throws IOException {
    Set<String> data = new HashSet<>();
    // What the first one removed is gone since it is the first one.
    for (long version : commits.headMap(first, true).tailMap(commits.firstKey(), false).keySet()) {
      data.addAll(DeltaLog.paths(place, version, "remove").orElse(Set.of()));
    }
    data.removeIf(path -> !DATA_FILE.matcher(path).matches());
    if (data.isEmpty()) {
      return data;
    }
    try (TableFileIterator files = source.atVersion(first).files()) {
      while (files.hasNext()) {
        data.remove(files.next().relativePath());
      }
    }
    for (long later : commits.tailMap(first, false).keySet()) {
      DeltaLog.paths(place, later, "add").ifPresent(data::removeAll);
    }
    return data;
  }

  private Deletion deletion(long first) throws IOException {
    Stream<String> before = log.stream().filter(name -> DeltaLog.version(name) < first);
    // The hint may be of a checkpoint that goes: a later one is found without it.
    Stream<String> hint =
        checkpoints.lastKey() > first ? Stream.of(StoredPlace.LAST_CHECKPOINT) : Stream.of();
    return new Deletion(
        first,
        Stream.concat(before, hint).map(name -> DeltaLog.DIRECTORY + "/" + name).sorted().toList(),
        data(first).stream().sorted().toList());
  }
}
