/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.options.StreamOptions;
import java.util.Arrays;
import org.apache.spark.sql.connector.read.streaming.CompositeReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReadAllAvailable;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReadMaxFiles;

/**
 * How much one batch may read. The limit of bytes is soft: the file that crosses it is still read.
 * Immutable.
 *
 * @param maxFiles at least 1
 * @param maxBytes at least 1
 */
public record SharingReadLimit(long maxFiles, long maxBytes) implements ReadLimit {
  private static final int DEFAULT_FILES = 1000;
  static final SharingReadLimit NONE = new SharingReadLimit(Long.MAX_VALUE, Long.MAX_VALUE);

  /** As the options say. Files are limited by default, unless bytes are. */
  public static SharingReadLimit of(SharingReadConf conf) {
    Integer files = conf.get(StreamOptions.MAX_FILES_PER_TRIGGER);
    Long bytes = conf.get(StreamOptions.MAX_BYTES_PER_TRIGGER);
    long defaultFiles = bytes == null ? DEFAULT_FILES : Long.MAX_VALUE;
    return new SharingReadLimit(
        files == null ? defaultFiles : files, bytes == null ? Long.MAX_VALUE : bytes);
  }

  /** The limit that Spark passes: our own one back, everything, or a number of files. */
  static SharingReadLimit of(ReadLimit limit) {
    if (limit instanceof SharingReadLimit own) {
      return own;
    } else if (limit instanceof ReadAllAvailable) {
      return NONE;
    } else if (limit instanceof ReadMaxFiles files) {
      return new SharingReadLimit(files.maxFiles(), Long.MAX_VALUE);
    } else if (limit instanceof CompositeReadLimit all) {
      return Arrays.stream(all.getReadLimits())
          .map(SharingReadLimit::of)
          .reduce(NONE, SharingReadLimit::and);
    }
    throw new UnsupportedOperationException(
        "A stream of a shared table is limited by files and bytes, not by " + limit + ".");
  }

  private SharingReadLimit and(SharingReadLimit other) {
    return new SharingReadLimit(
        Math.min(maxFiles, other.maxFiles), Math.min(maxBytes, other.maxBytes));
  }
}
