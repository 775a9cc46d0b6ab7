/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import io.github.deltasharing.storage.PrimedFile.Range;
import java.util.List;

/**
 * When the bytes of one file are requested: {@link StreamedRanges when they are read}, or ahead of
 * that. Used by one thread; closed by any.
 */
public interface RangeSource extends AutoCloseable {
  /** Makes the requests. */
  RangeReader reader();

  default SharedFile file() {
    return reader().file();
  }

  default IoStats stats() {
    return reader().stats();
  }

  /** Requests {@code [start, end)}, the file's end. The first call. */
  Pending<byte[]> tail(long start, long end);

  /** Requests {@code [start, end)}, which is needed before anything else of the file. */
  Pending<byte[]> request(long start, long end);

  /** Reads {@code [start, end)} now. */
  byte[] read(long start, long end);

  /**
   * Requests {@code [start, end)} before it is known what will be read. At most once, before {@link
   * #plan}.
   */
  void expect(long start, long end);

  /** Says which ranges will be read: ascending, disjoint, none empty. */
  void plan(List<Range> ranges);

  /**
   * Requests as many of the planned bytes as there is room for. Waits for nothing.
   *
   * @return whether all have been requested that can be fetched ahead
   */
  boolean requestMore();

  /**
   * Reads up to {@code length} bytes at {@code position}, at least one; 0 where no planned range
   * has that position.
   */
  int readPlanned(long position, byte[] buffer, int offset, int length);

  /** Drops what is here and on its way. */
  @Override
  void close();
}
