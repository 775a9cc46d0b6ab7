/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import io.github.deltasharing.error.FileErrors;

/**
 * Reads byte ranges of one shared file. What it gives is checked against what was listed of the
 * file, and all of one {@link #version}. Thread-safe: several ranges may be read at a time. Holds
 * nothing open between reads. Executors only.
 */
public interface RangeReader {
  /** The file that is read. */
  SharedFile file();

  /** Where its requests are counted. */
  IoStats stats();

  /** Which version of the file all bytes are from. */
  FileVersion version();

  /**
   * Bytes {@code [start, end)}, as they come. Sends nothing before the first of them is read.
   *
   * @return to be closed by the caller
   */
  RangeStream stream(long start, long end);

  /**
   * Reads {@code [start, end)} whole.
   *
   * @throws io.github.deltasharing.error.SharingException if they cannot be had, or are not what
   *     was listed
   */
  default byte[] read(long start, long end) {
    int length = length(start, end);
    try (RangeStream in = stream(start, end)) {
      return in.readFully(length);
    }
  }

  /** Reads {@code [start, end)} whole, into blocks that are to be recycled. */
  default PooledBytes readPooled(long start, long end) {
    int length = length(start, end);
    try (RangeStream in = stream(start, end)) {
      return PooledBytes.read(in, length);
    }
  }

  /** {@code [start, end)} where no request is needed for it; else null. */
  default PooledBytes cached(long start, long end) {
    return null;
  }

  /** Says that what was read cannot be right: another try is not to see the same bytes. */
  default void distrust() {}

  private int length(long start, long end) {
    if (start < 0 || end < start || end - start > Integer.MAX_VALUE - 8) {
      throw FileErrors.file(
          file().table(),
          file().id(),
          file().url().host(),
          "it says that it has something from byte " + start + " to " + end,
          "Tell the provider.",
          null);
    }
    return (int) (end - start);
  }
}
