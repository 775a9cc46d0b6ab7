/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.TableChanges;
import io.github.deltasharing.source.TableSnapshot;
import io.github.deltasharing.source.TableSource;
import io.github.deltasharing.source.VersionRange;
import java.time.Instant;

/**
 * The versions that a request for changes is about, found and refused as sharing servers do it.
 * Immutable.
 *
 * @param table as messages name it
 * @param isFeed whether the rows that changed are wanted, or the files
 */
record CommitRange(String table, VersionRange versions, boolean isFeed) {
  /** The range of a request, whose bounds are versions or times. */
  static CommitRange of(String table, TableSource source, ChangesRequest request) {
    boolean feed = request.feed() == ChangesRequest.Feed.ROWS;
    AsOf from = request.start();
    AsOf to = request.end();
    if (from.version() != null && to.version() != null && to.version() < from.version()) {
      throw SourceException.invalid(
          "startingVersion %d is after endingVersion %d: changes are read forwards"
              .formatted(from.version(), to.version()));
    }
    long start = from.version() != null ? from.version() : firstAfter(source, from.timestamp());
    long latest = source.latestVersion();
    if (start > latest) {
      throw SourceException.invalid(
          "Cannot read changes of %s from version %d: its latest version is %d"
              .formatted(table, start, latest));
    }
    long end = to.version() == null ? latest : to.version();
    if (end > latest && !feed) {
      // A stream that gets a shorter range would go on after versions that it has not seen.
      throw SourceException.invalid(
          "Cannot read changes of %s up to version %d: its latest version is %d"
              .formatted(table, end, latest));
    }
    end = Math.min(end, latest);
    if (to.timestamp() != null) {
      end = Math.min(latest, lastBefore(table, source, to.timestamp()));
      boolean between =
          from.timestamp() != null && !from.timestamp().isAfter(to.timestamp()) && end == start - 1;
      if (end < start && !between) {
        throw SourceException.invalid(
            "Cannot read changes of %s from version %d: endingTimestamp %s is before it"
                .formatted(table, start, to.timestamp()));
      }
    }
    return new CommitRange(table, new VersionRange(start, end), feed);
  }

  /** The time may not be before the first commit: what changed between them is unknown. */
  private static long firstAfter(TableSource source, Instant time) {
    source.versionAtOrBefore(time);
    return source.versionAtOrAfter(time);
  }

  /** An end after the latest commit is refused: the request would have other changes tomorrow. */
  private static long lastBefore(String table, TableSource source, Instant end) {
    TableSnapshot last = source.latest();
    if (end.toEpochMilli() > last.timestamp()) {
      throw SourceException.invalid(
          "Cannot read changes of %s up to %s: its latest commit is of %s. Leave the end out to read"
                  .formatted(table, end, Instant.ofEpochMilli(last.timestamp()))
              + " up to the latest version");
    }
    return source.versionAtOrBefore(end);
  }

  /** Refuses a range with a version that has no change data. */
  void requireFeed(TableChanges changes) {
    if (changes.firstWithoutFeed().isPresent()) {
      throw SourceException.invalid(
          "Cannot read changes of %s: its version %d records no change data. Ask for versions in"
                  .formatted(table, changes.firstWithoutFeed().getAsLong())
              + " which the table has delta.enableChangeDataFeed, or ask the provider to set it");
    }
  }
}
