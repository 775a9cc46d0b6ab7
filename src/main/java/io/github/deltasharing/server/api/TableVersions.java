/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.TableSources;
import io.github.deltasharing.source.TableChanges;
import io.github.deltasharing.source.TableSnapshot;
import io.github.deltasharing.source.VersionRange;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds the version of a table that a request names, and refuses those that are not shared. Safe
 * for use by several threads.
 */
final class TableVersions {
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

  private final TableSources sources;

  TableVersions(TableSources sources) {
    this.sources = sources;
  }

  /** The latest version, or that of the version or timestamp, of which at most one is there. */
  TableSnapshot find(SharedTable table, OptionalLong version, Optional<String> timestamp) {
    if (version.isEmpty() && timestamp.isEmpty()) {
      TableSnapshot latest = sources.open(table).latest();
      requireShared(table, latest.version());
      return latest;
    }
    requireHistory(table, version.isPresent() ? "version" : "timestamp");
    if (version.isPresent()) {
      requireShared(table, version.getAsLong());
      return sources.open(table).atVersion(version.getAsLong());
    }
    TableSnapshot snapshot =
        sources.open(table).atTimestamp(parseTimestamp("timestamp", timestamp.orElseThrow()));
    requireShared(table, snapshot.version());
    return snapshot;
  }

  /** An estimate of the memory, in bytes, that a request takes which reads the latest version. */
  long readingBytes(SharedTable table) {
    return sources.open(table).readingBytes();
  }

  /** The same for a query of the latest version, which may be less. */
  long latestQueryBytes(SharedTable table) {
    return sources.open(table).latestQueryBytes();
  }

  /** The latest version of a table of which some version was found to be shared. */
  TableSnapshot latest(SharedTable table) {
    return sources.open(table).latest();
  }

  /**
   * A version that a token pins. Tokens outlive a restart, and the provider may share less since
   * then, so what is shared is checked again.
   */
  TableSnapshot pinned(SharedTable table, long version) {
    requireShared(table, version);
    return sources.open(table).atVersion(version);
  }

  /**
   * A version of which a page was sent.
   *
   * @param state of its description then
   */
  TableSnapshot pinned(SharedTable table, long version, String state) {
    TableSnapshot snapshot = pinned(table, version);
    if (!snapshot.state().equals(state)) {
      throw ServerError.invalid(
          "Cannot go on with the pages of %s: the table's metadata was changed after the first. Ask again, without pageToken"
              .formatted(table.fullName()));
    }
    return snapshot;
  }

  /** The same of the table's history, which is checked again as well. */
  TableSnapshot pinnedHistory(SharedTable table, long version, String state) {
    requireHistory(table, "version");
    return pinned(table, version, state);
  }

  /** The range of changes that a token pins; checked again like {@link #pinned}. */
  VersionRange pinnedRange(SharedTable table, ChangesParameters request, VersionRange range) {
    requireHistory(table, parameter(request));
    requireShared(table, range.start());
    return range;
  }

  private static String parameter(ChangesParameters request) {
    return request.feed() ? "changes" : "startingVersion";
  }

  /** The number of the latest version, or of the earliest at or after a time. */
  long number(SharedTable table, Optional<String> startingTimestamp) {
    if (startingTimestamp.isEmpty()) {
      return sources.open(table).latest().version();
    }
    requireHistory(table, "startingTimestamp");
    long version =
        sources
            .open(table)
            .versionAtOrAfter(parseTimestamp("startingTimestamp", startingTimestamp.orElseThrow()));
    requireShared(table, version);
    return version;
  }

  /**
   * The versions that a request for changes is about. What ends after the latest version ends with
   * it in the change data feed, as in Delta Lake; a stream that gets a shorter range than it
   * requested would go on after versions that it has not seen, so it is refused.
   */
  VersionRange range(SharedTable table, ChangesParameters request) {
    requireHistory(table, parameter(request));
    Optional<Instant> from =
        request.startingTimestamp().map(text -> parseTimestamp("startingTimestamp", text));
    Optional<Instant> to =
        request.endingTimestamp().map(text -> parseTimestamp("endingTimestamp", text));
    long start = request.startingVersion().orElseGet(() -> firstAfter(table, from.orElseThrow()));
    requireShared(table, start);
    long latest = sources.open(table).latestVersion();
    if (start > latest) {
      throw ServerError.invalid(
          "Cannot read changes of %s from version %d: its latest version is %d"
              .formatted(table.fullName(), start, latest));
    }
    long end = request.endingVersion().orElse(latest);
    if (end > latest && !request.feed()) {
      throw ServerError.invalid(
          "Cannot read changes of %s up to version %d: its latest version is %d"
              .formatted(table.fullName(), end, latest));
    }
    end = Math.min(end, latest);
    if (to.isPresent()) {
      requireSettled(table, sources.open(table).latest(), to.get());
      end = Math.min(latest, sources.open(table).versionAtOrBefore(to.get()));
      boolean between = from.isPresent() && !from.get().isAfter(to.get()) && end == start - 1;
      if (end < start && !between) {
        throw ServerError.invalid(
            "Cannot read changes of %s from version %d: endingTimestamp %s is before it"
                .formatted(table.fullName(), start, to.get()));
      }
    }
    return new VersionRange(start, end);
  }

  /**
   * An end after the latest commit is refused, as in the reference server: the same request would
   * have other changes tomorrow.
   */
  private static void requireSettled(SharedTable table, TableSnapshot last, Instant end) {
    if (end.toEpochMilli() > last.timestamp()) {
      throw ServerError.invalid(
          "Cannot read changes of %s up to %s: its latest commit is of %s. Leave the end out to read"
                  .formatted(table.fullName(), end, Instant.ofEpochMilli(last.timestamp()))
              + " up to the latest version");
    }
  }

  /**
   * The earliest version at or after a time. As in the reference server the time may not be before
   * the first commit: what changed between them is unknown.
   */
  private long firstAfter(SharedTable table, Instant time) {
    sources.open(table).versionAtOrBefore(time);
    return sources.open(table).versionAtOrAfter(time);
  }

  /** The changes of some versions. */
  TableChanges changes(SharedTable table, VersionRange range) {
    return sources.open(table).changes(range);
  }

  private static void requireHistory(SharedTable table, String parameter) {
    if (!table.historyShared()) {
      throw ServerError.invalid(
          "Cannot serve "
              + parameter
              + " for "
              + table.fullName()
              + ": its history is not shared. Read the latest version, or ask the provider to set"
              + " historyShared");
    }
  }

  private static void requireShared(SharedTable table, long version) {
    if (version < table.startVersion()) {
      throw ServerError.invalid(
          "Cannot read version %d of %s: it is shared from version %d on"
              .formatted(version, table.fullName(), table.startVersion()));
    }
  }

  /** Of the years that ISO 8601 has without agreement, so that milliseconds have room for it. */
  private static Instant parseTimestamp(String parameter, String text) {
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      if (!time.isBefore(EARLIEST) && time.isBefore(LATEST)) {
        return time;
      }
    } catch (DateTimeException e) {
      throw new ServerError(
          400,
          ServerError.INVALID_PARAMETER_VALUE,
          parameter + " must be a time as 2022-01-01T00:00:00Z",
          e);
    }
    throw ServerError.invalid(parameter + " must be a time in the years 0001 to 9999");
  }
}
