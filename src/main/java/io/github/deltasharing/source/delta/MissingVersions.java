/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.VersionRange;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is said of versions that a table's log has not all files for: that they were cleaned up,
 * with the first one that is left, or which commit is missing in the middle. Stateless.
 */
final class MissingVersions {
  private MissingVersions() {}

  /** The refusal of a version to be read, if its files are not all there. */
  static Optional<RuntimeException> refusal(DeltaTable table, long version) {
    LogListing log = LogListing.of(table);
    OptionalLong missing = log.missingFor(version);
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    if (log.startsAfter(missing.getAsLong())) {
      return Optional.of(
          SourceException.invalid(
              "Cannot read version %d of %s: it is not in the table's log any more. "
                      .formatted(version, table.fullName())
                  + earliest(log, version)));
    }
    return Optional.of(
        SourceException.invalid(
            "Cannot read version %d of %s: the table's log lacks the commit of version %d. %s"
                .formatted(
                    version,
                    table.fullName(),
                    missing.getAsLong(),
                    around(log, missing.getAsLong(), "Read"))));
  }

  /** The refusal of changes. */
  static SourceException refusal(DeltaTable table, VersionRange range) {
    LogListing log = LogListing.of(table);
    long missing = log.firstMissing(range.start(), range.end()).orElse(range.start());
    String what =
        "Cannot read changes of %s from version %d: the table's log does not have all commits from"
            .formatted(table.fullName(), range.start());
    if (log.startsAfter(missing)) {
      return SourceException.invalid(what + " there on any more. " + earliest(log, missing));
    }
    return SourceException.invalid(
        what
            + " there on: that of version %d is missing. ".formatted(missing)
            + around(log, missing, "Read changes"));
  }

  private static String earliest(LogListing log, long after) {
    OptionalLong first = log.firstReadable(after);
    return first.isPresent()
        ? "The earliest version that is there is " + first.getAsLong()
        : "No version can be read from what is left: tell the provider";
  }

  private static String around(LogListing log, long missing, String read) {
    OptionalLong next = log.firstReadable(missing);
    String before = missing == 0 ? "" : "of versions up to " + (missing - 1);
    String after = next.isEmpty() ? "" : "of versions from " + next.getAsLong() + " on";
    String or = before.isEmpty() || after.isEmpty() ? "" : " or ";
    return before.isEmpty() && after.isEmpty()
        ? "Tell the provider"
        : read + " " + before + or + after + ", or ask the provider to restore the commit";
  }
}
