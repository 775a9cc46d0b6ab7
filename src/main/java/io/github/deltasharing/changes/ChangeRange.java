/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.error.ChangeErrors;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.options.ConfigOption;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import java.util.List;

/**
 * Which commits a batch read of changes is about; both ends belong to it. Immutable.
 *
 * @param start a version, or the first one at or after a time
 * @param end a version, the last one at or before a time, or the latest
 */
public record ChangeRange(AsOf start, AsOf end) {
  /**
   * The range that the options request.
   *
   * @throws IllegalArgumentException naming the option that is missing or wrong
   */
  public static ChangeRange of(SharingReadConf conf) {
    String version = conf.get(SharingOptions.STARTING_VERSION);
    String timestamp = conf.get(SharingOptions.STARTING_TIMESTAMP);
    if (version == null && timestamp == null) {
      throw SharingErrors.missingOption(
          SharingOptions.STARTING_VERSION.key(),
          "a read of changes needs a start; give this one or '"
              + SharingOptions.STARTING_TIMESTAMP.key()
              + "'");
    }
    if ("latest".equals(version)) {
      throw ChangeErrors.latestInBatch();
    }
    AsOf start =
        version == null
            ? AsOf.ofTimestamp(
                TimestampOption.instant(SharingOptions.STARTING_TIMESTAMP, timestamp))
            : AsOf.ofVersion(Long.parseLong(version));
    ChangeRange range = new ChangeRange(start, end(conf));
    if (range.isReversed()) {
      throw ChangeErrors.startAfterEnd(text(start), text(range.end()));
    }
    return range;
  }

  /** Whether the options say where a batch starts; a stream may start elsewhere. */
  public static boolean isBounded(SharingReadConf conf) {
    String version = conf.get(SharingOptions.STARTING_VERSION);
    return conf.get(SharingOptions.STARTING_TIMESTAMP) != null
        || (version != null && !version.equals("latest"));
  }

  /** Whether the options say where it starts, be it for a batch or for a stream. */
  public static boolean hasStart(SharingReadConf conf) {
    return conf.get(SharingOptions.STARTING_VERSION) != null
        || conf.get(SharingOptions.STARTING_TIMESTAMP) != null;
  }

  /**
   * Refuses bounds where a batch reads the table's rows: ignored, they would let all rows come.
   *
   * @throws IllegalArgumentException naming the option
   */
  public static void refuseStray(SharingReadConf conf) {
    for (ConfigOption<?> option :
        List.of(
            SharingOptions.STARTING_VERSION,
            SharingOptions.STARTING_TIMESTAMP,
            SharingOptions.ENDING_VERSION,
            SharingOptions.ENDING_TIMESTAMP)) {
      if (conf.get(option) != null) {
        throw ChangeErrors.boundWithoutFeed(option.key());
      }
    }
  }

  /** Where the options end it; the latest version without them. */
  public static AsOf end(SharingReadConf conf) {
    Long version = conf.get(SharingOptions.ENDING_VERSION);
    String timestamp = conf.get(SharingOptions.ENDING_TIMESTAMP);
    if (version != null) {
      return AsOf.ofVersion(version);
    }
    return timestamp == null
        ? AsOf.latest()
        : AsOf.ofTimestamp(TimestampOption.instant(SharingOptions.ENDING_TIMESTAMP, timestamp));
  }

  /** Whether it is known without the server that it ends before it starts. */
  private boolean isReversed() {
    return start.version() != null && end.version() != null
        ? start.version() > end.version()
        : start.timestamp() != null
            && end.timestamp() != null
            && start.timestamp().isAfter(end.timestamp());
  }

  /**
   * The part of it that some versions are in, so far as it is known which versions it has.
   *
   * @param latest the latest version known of; the start does not move behind it, for servers
   *     refuse that
   * @return null where there is none
   */
  public ChangeRange within(long first, long last, long latest) {
    AsOf from = start;
    if (start.version() != null && first > start.version()) {
      from = AsOf.ofVersion(Math.max(start.version(), Math.min(first, latest)));
    }
    AsOf to = end;
    if (end.timestamp() == null && last < Long.MAX_VALUE) {
      if (last < 0) {
        return null;
      }
      to = AsOf.ofVersion(end.version() == null ? last : Math.min(end.version(), last));
    }
    ChangeRange narrowed = new ChangeRange(from, to);
    return narrowed.isReversed() ? null : narrowed;
  }

  /** As it is written after a table's name: {@code " from version 2 to version 5"}. */
  @Override
  public String toString() {
    return " from " + text(start) + (end.isLatest() ? " on" : " to " + text(end));
  }

  private static String text(AsOf bound) {
    return bound.version() == null ? bound.timestamp().toString() : "version " + bound.version();
  }
}
