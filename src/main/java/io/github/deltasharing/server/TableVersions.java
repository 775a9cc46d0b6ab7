package io.github.deltasharing.server;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds the version of a table that a request asks for, and refuses those that are not shared. Safe
 * for use by several threads.
 */
final class TableVersions {
  private final TableLog log;

  TableVersions(TableLog log) {
    this.log = log;
  }

  /** The latest version, or that of the version or timestamp, of which at most one is there. */
  TableSnapshot find(SharedTable table, OptionalLong version, Optional<String> timestamp) {
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

  /** A version that this server handed out in a token. */
  TableSnapshot pinned(SharedTable table, long version) {
    return log.atVersion(table, version);
  }

  /** The number of the latest version, or of the earliest at or after a time. */
  long number(SharedTable table, Optional<String> startingTimestamp) {
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

  private static Instant parseTimestamp(String parameter, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new ServerError(
          400,
          ServerError.INVALID_PARAMETER_VALUE,
          parameter + " must be a time as 2022-01-01T00:00:00Z",
          e);
    }
  }
}
