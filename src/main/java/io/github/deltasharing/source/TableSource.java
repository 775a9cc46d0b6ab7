/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

import java.time.Instant;

/**
 * The versions of one shared table, whatever its format: one implementation for each. Opening one
 * reads nothing. What is not there, or cannot be read, is refused with a {@link SourceException}
 * that names the table. Safe for use by several threads.
 */
public interface TableSource {
  /** The latest version. */
  TableSnapshot latest();

  /** The number of the latest version, whether it can be read or not. */
  long latestVersion();

  /** A version; refused when there is none such (any more). */
  TableSnapshot atVersion(long version);

  /** The version that was the latest at a time, which is not after the latest commit. */
  TableSnapshot atTimestamp(Instant time);

  /** The earliest version at or after a time. */
  long versionAtOrAfter(Instant time);

  /** The latest version at or before a time. */
  long versionAtOrBefore(Instant time);

  /** The changes of versions that the table has; refused if it lost some of their commits. */
  TableChanges changes(VersionRange range);

  /** An estimate of the memory, in bytes, that a request takes which reads the latest version. */
  long readingBytes();

  /**
   * An estimate of the memory, in bytes, that a query of the latest version takes: less where its
   * files are in memory already.
   */
  default long latestQueryBytes() {
    return readingBytes();
  }
}
