package io.github.deltasharing.server.table;

import io.github.deltasharing.server.api.ChangesRequest;
import io.github.deltasharing.server.delta.TableChanges;
import io.github.deltasharing.server.delta.TableLog;
import io.github.deltasharing.server.delta.TableSnapshot;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.SharedTable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds the version of a table that a request asks for, and refuses those that are not shared. Safe
 * for use by several threads.
 */
public final class TableVersions {
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

  private final TableLog log;

  public TableVersions(TableLog log) {
    this.log = log;
  }

  /** The latest version, or that of the version or timestamp, of which at most one is there. */
  public TableSnapshot find(SharedTable table, OptionalLong version, Optional<String> timestamp) {
    if (version.isEmpty() && timestamp.isEmpty()) {
      TableSnapshot latest = log.latest(table);
      requireShared(table, latest.version());
      return latest;
    }
    requireHistory(table, version.isPresent() ? "version" : "timestamp");
    if (version.isPresent()) {
      requireShared(table, version.getAsLong());
      return log.atVersion(table, version.getAsLong());
    }
    TableSnapshot snapshot =
        log.atTimestamp(table, parseTimestamp("timestamp", timestamp.orElseThrow()));
    requireShared(table, snapshot.version());
    return snapshot;
  }

  /** The latest version of a table of which some version was found to be shared. */
  public TableSnapshot latest(SharedTable table) {
    return log.latest(table);
  }

  /** A version that this server handed out in a token. */
  public TableSnapshot pinned(SharedTable table, long version) {
    return log.atVersion(table, version);
  }

  /** The number of the latest version, or of the earliest at or after a time. */
  public long number(SharedTable table, Optional<String> startingTimestamp) {
    if (startingTimestamp.isEmpty()) {
      return log.latest(table).version();
    }
    requireHistory(table, "startingTimestamp");
    long version =
        log.versionAtOrAfter(
            table, parseTimestamp("startingTimestamp", startingTimestamp.orElseThrow()));
    requireShared(table, version);
    return version;
  }

  /**
   * The versions that a request for changes is about. What ends after the latest version ends with
   * it in the change data feed, as in Delta Lake; a stream that was given less than it asked for
   * would go on after versions that it has not seen, so it is refused.
   */
  public ChangeRange range(SharedTable table, ChangesRequest request) {
    requireHistory(table, request.feed() ? "changes" : "startingVersion");
    Optional<Instant> from =
        request.startingTimestamp().map(text -> parseTimestamp("startingTimestamp", text));
    Optional<Instant> to =
        request.endingTimestamp().map(text -> parseTimestamp("endingTimestamp", text));
    long start = request.startingVersion().orElseGet(() -> firstAfter(table, from.orElseThrow()));
    requireShared(table, start);
    long latest = log.latestVersion(table);
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
      requireSettled(log.latest(table), to.get());
      end = Math.min(latest, log.versionAtOrBefore(table, to.get()));
      boolean between = from.isPresent() && !from.get().isAfter(to.get()) && end == start - 1;
      if (end < start && !between) {
        throw ServerError.invalid(
            "Cannot read changes of %s from version %d: endingTimestamp %s is before it"
                .formatted(table.fullName(), start, to.get()));
      }
    }
    return new ChangeRange(start, end);
  }

  /**
   * An end after the latest commit is refused, as in the reference server: the same request would
   * have other changes tomorrow.
   */
  private static void requireSettled(TableSnapshot last, Instant end) {
    if (end.toEpochMilli() > last.timestamp()) {
      throw ServerError.invalid(
          "Cannot read changes of %s up to %s: its latest commit is of %s. Leave the end out to read"
                  .formatted(last.table().fullName(), end, Instant.ofEpochMilli(last.timestamp()))
              + " up to the latest version");
    }
  }

  /**
   * The earliest version at or after a time. As in the reference server the time may not be before
   * the first commit: nobody knows what changed between them.
   */
  private long firstAfter(SharedTable table, Instant time) {
    log.versionAtOrBefore(table, time);
    return log.versionAtOrAfter(table, time);
  }

  /** The changes of some versions. */
  public TableChanges changes(SharedTable table, ChangeRange range) {
    return log.changes(table, range);
  }

  private static void requireHistory(SharedTable table, String parameter) {
    if (!table.historyShared()) {
      throw ServerError.invalid(
          "Cannot answer "
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
