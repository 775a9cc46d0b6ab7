package io.github.deltasharing.storage;

import io.github.deltasharing.storage.PrimedFile.Range;
import java.util.List;
import java.util.function.Supplier;

/**
 * How the bytes of one file are had: {@link StreamedRanges when they are read}, or {@link
 * PrefetchedRanges ahead of that}. Used by one thread; closed by any.
 */
interface RangeSource extends AutoCloseable {
  /** Makes the requests. */
  RangeReader reader();

  default SharedFile file() {
    return reader().file();
  }

  default IoStats stats() {
    return reader().stats();
  }

  /**
   * Asks for {@code [start, end)}, the file's end; what is returned waits for it. The first call.
   */
  Supplier<byte[]> tail(long start, long end);

  /** Reads {@code [start, end)} now. */
  byte[] read(long start, long end);

  /** Says which ranges will be read: ascending, disjoint, none empty. */
  void plan(List<Range> ranges);

  /**
   * Reads up to {@code length} bytes at {@code position}, at least one; 0 where no planned range
   * has that position.
   */
  int readPlanned(long position, byte[] buffer, int offset, int length);

  /** Drops what is held and on its way. */
  @Override
  void close();
}
