/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import io.github.deltasharing.error.CatalogErrors;
import io.github.deltasharing.options.SharingOptions;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.connector.catalog.ChangelogRange;

/**
 * The bounds of a query of changes as options of a read, which are inclusive. Only Spark 4.2 and
 * later has the types. Driver only; stateless.
 */
final class ChangelogBounds {
  private static final long MICROS_OF_MILLI = 1000;

  /** Options from which Spark makes a range. */
  private static final Set<String> OF_RANGE =
      Set.of(
          "startingVersion",
          "endingVersion",
          "startingTimestamp",
          "endingTimestamp",
          "startingBoundInclusive",
          "endingBoundInclusive",
          "deduplicationMode",
          "computeUpdates");

  private ChangelogBounds() {}

  /**
   * @param given the options of the query
   */
  static Map<String, String> options(ChangelogRange range, Map<String, String> given) {
    Map<String, String> options = withoutRange(given);
    if (range instanceof ChangelogRange.VersionRange versions) {
      putVersions(versions, options);
    } else if (range instanceof ChangelogRange.TimestampRange times) {
      putTimes(times, options);
    }
    return options;
  }

  /** The options of a query without those that are in its range already. */
  static Map<String, String> withoutRange(Map<String, String> given) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(given);
    OF_RANGE.forEach(options::remove);
    return options;
  }

  private static void putVersions(ChangelogRange.VersionRange range, Map<String, String> options) {
    long start = version(range.startingVersion()) + (range.startingBoundInclusive() ? 0 : 1);
    options.put(SharingOptions.STARTING_VERSION.key(), Long.toString(start));
    range
        .endingVersion()
        .ifPresent(
            version -> {
              long end = version(version) - (range.endingBoundInclusive() ? 0 : 1);
              options.put(SharingOptions.ENDING_VERSION.key(), Long.toString(end));
            });
  }

  private static long version(String text) {
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException e) {
      throw CatalogErrors.badChangesVersion(text);
    }
  }

  /** Commits have times of whole milliseconds. */
  private static void putTimes(ChangelogRange.TimestampRange range, Map<String, String> options) {
    long micros = range.startingTimestamp();
    long start =
        range.startingBoundInclusive()
            ? -Math.floorDiv(-micros, MICROS_OF_MILLI)
            : Math.floorDiv(micros, MICROS_OF_MILLI) + 1;
    options.put(SharingOptions.STARTING_TIMESTAMP.key(), Instant.ofEpochMilli(start).toString());
    range
        .endingTimestamp()
        .ifPresent(
            last -> {
              long end =
                  range.endingBoundInclusive()
                      ? Math.floorDiv(last, MICROS_OF_MILLI)
                      : -Math.floorDiv(-last, MICROS_OF_MILLI) - 1;
              options.put(
                  SharingOptions.ENDING_TIMESTAMP.key(), Instant.ofEpochMilli(end).toString());
            });
  }
}
