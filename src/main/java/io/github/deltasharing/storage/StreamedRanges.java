/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import io.github.deltasharing.storage.PrimedFile.Range;
import java.util.List;

/**
 * Bytes that are requested when they are read: each planned range is one request, sent when its
 * first byte is read and drained as the reader goes. Holds no range in memory. Used by one thread.
 */
public final class StreamedRanges implements RangeSource {
  /** A longer way forward than this is not worth its bytes. */
  private static final long LONGEST_SKIP = 64 << 10;

  private final RangeReader reader;
  private final TaskWaits waits;
  private List<Range> planned = List.of();
  private RangeStream stream;

  /**
   * @param waits what reading waits for ends with these
   */
  public StreamedRanges(RangeReader reader, TaskWaits waits) {
    this.reader = reader;
    this.waits = waits;
  }

  @Override
  public RangeReader reader() {
    return reader;
  }

  @Override
  public Pending<byte[]> tail(long start, long end) {
    return request(start, end);
  }

  @Override
  public Pending<byte[]> request(long start, long end) {
    return Pending.here(read(start, end));
  }

  @Override
  public byte[] read(long start, long end) {
    return waits.during(() -> reader.read(start, end));
  }

  @Override
  public void expect(long start, long end) {
    // Nothing is requested before it is read.
  }

  @Override
  public void plan(List<Range> ranges) {
    planned = ranges;
  }

  @Override
  public boolean requestMore() {
    return true;
  }

  @Override
  public int readPlanned(long position, byte[] buffer, int offset, int length) {
    if (!streamReaches(position)) {
      Range range = plannedAround(position);
      if (range == null) {
        return 0;
      }
      close();
      stream = reader.stream(position, range.end());
    }
    int n = (int) Math.min(length, stream.end() - position);
    return waits.during(
        () -> {
          stream.skip(position - stream.position());
          stream.readFully(buffer, offset, n);
          return n;
        });
  }

  private boolean streamReaches(long position) {
    return stream != null
        && position >= stream.position()
        && position < stream.end()
        && position - stream.position() <= LONGEST_SKIP;
  }

  private Range plannedAround(long position) {
    for (Range range : planned) {
      if (position >= range.start() && position < range.end()) {
        return range;
      }
    }
    return null;
  }

  @Override
  public void close() {
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }
}
