/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * A shared file opened for one split, with what is known of how it will be read: the tail requested
 * at once (the whole file where it is small), the ranges that are {@link #keep kept} because they
 * are read in small pieces, then the ranges that the split will need. Used by one thread; {@link
 * #close} drops what is in memory.
 */
public final class PrimedFile implements AutoCloseable {
  /** A file up to this long comes whole, in one request. */
  public static final long SMALL_FILE_BYTES = 1 << 20;

  /**
   * How much of a longer file's end is fetched first at least. Footers grow with files: a
   * thousandth of the file is enough for nearly all of them.
   */
  public static final long TAIL_BYTES = 64 << 10;

  private static final long LONGEST_TAIL_BYTES = 512 << 10;

  /** What an unplanned read fetches at least. */
  private static final long UNPLANNED_BYTES = 64 << 10;

  private final RangeSource source;
  private final long size;
  private final long tailStart;

  /** By their start. */
  private final TreeMap<Long, Kept> kept = new TreeMap<>();

  private ReadCheck check = (position, bytes, offset, length) -> {};

  /** A half-open range of bytes. */
  public record Range(long start, long end) {}

  /** Bytes that are here, or on their way, until the file is closed. */
  private static final class Kept {
    final long end;
    private final Pending<byte[]> pending;
    private byte[] bytes;

    Kept(long end, Pending<byte[]> pending) {
      this.end = end;
      this.pending = pending;
    }

    boolean isHere() {
      return bytes != null || pending.isDone();
    }

    byte[] bytes() {
      if (bytes == null) {
        bytes = pending.await();
      }
      return bytes;
    }
  }

  /** A file whose bytes are requested as they are read, its tail here. */
  public PrimedFile(RangeReader reader) {
    this(new StreamedRanges(reader, new TaskWaits()));
  }

  /** Requests the tail: one request, none for an empty file. */
  public PrimedFile(RangeSource source) {
    this.source = source;
    this.size = source.file().size();
    this.tailStart = size - tailBytes(size);
    if (size > 0) {
      kept.put(tailStart, new Kept(size, source.tail(tailStart, size)));
    }
  }

  /** How much of a file of this size is fetched when it is opened. */
  public static long tailBytes(long size) {
    return size <= SMALL_FILE_BYTES
        ? size
        : Math.max(TAIL_BYTES, Math.min(size >> 10, LONGEST_TAIL_BYTES));
  }

  public SharedFile file() {
    return source.file();
  }

  /** Where requests for this file are counted. */
  public IoStats stats() {
    return source.stats();
  }

  /** Says that its bytes cannot be right: another try is to get them from the store. */
  public void distrust() {
    source.reader().distrust();
  }

  /** Whether all of it came in the first request. */
  public boolean isWhole() {
    return tailStart == 0;
  }

  /**
   * Requests a range and keeps it: one that is read in small pieces and in no order, as indexes
   * are. What of it is in the tail is not fetched again.
   */
  public void keep(Range range) {
    long end = Math.min(range.end(), tailStart);
    if (range.start() < end) {
      kept.put(range.start(), new Kept(end, source.request(range.start(), end)));
    }
  }

  /**
   * Whether the tail and what was to be {@link #keep kept} are here: reading them does not wait.
   */
  public boolean isHere() {
    for (Kept each : kept.values()) {
      if (!each.isHere()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Requests a range before the tail shows what will be read. At most once, before {@link #plan};
   * what turns out not to be read is dropped.
   */
  public void expect(Range range) {
    source.expect(range.start(), Math.min(range.end(), tailStart));
  }

  /**
   * Says which ranges will be read, in ascending order and disjoint. What of them is in the tail is
   * not fetched again.
   */
  public void plan(List<Range> ranges) {
    List<Range> planned = new ArrayList<>();
    for (Range range : ranges) {
      long end = Math.min(range.end(), tailStart);
      if (range.start() < end) {
        planned.add(new Range(range.start(), end));
      }
    }
    source.plan(planned);
  }

  /**
   * Requests as many of the planned bytes as there is room for. Waits for nothing.
   *
   * @return whether all have been requested that can be fetched ahead
   */
  public boolean requestMore() {
    return source.requestMore();
  }

  /** Hadoop's view of it. Closing that leaves the file open. */
  public FSDataInputStream newStream() {
    return new FSDataInputStream(new SharedInputStream(this, null));
  }

  /** Shows what is read from now on. */
  public void check(ReadCheck each) {
    check = each;
  }

  /** Reads up to {@code length} bytes at {@code position}, at least one; -1 at the file's end. */
  public int read(long position, byte[] buffer, int offset, int length) {
    int n = readUnchecked(position, buffer, offset, length);
    if (n > 0) {
      check.see(position, buffer, offset, n);
    }
    return n;
  }

  private int readUnchecked(long position, byte[] buffer, int offset, int length) {
    if (position >= size) {
      return -1;
    }
    if (length == 0) {
      return 0;
    }
    int fromMemory = readKept(position, buffer, offset, length);
    if (fromMemory > 0) {
      return fromMemory;
    }
    int ofPlanned = source.readPlanned(position, buffer, offset, length);
    if (ofPlanned > 0) {
      return ofPlanned;
    }
    fetch(position, length);
    return readKept(position, buffer, offset, length);
  }

  private int readKept(long position, byte[] buffer, int offset, int length) {
    Map.Entry<Long, Kept> entry = kept.floorEntry(position);
    while (entry != null && position >= entry.getValue().end) {
      // Of indexes and dictionaries, one range may lie inside of another.
      entry = kept.lowerEntry(entry.getKey());
    }
    if (entry == null) {
      return 0;
    }
    byte[] bytes = entry.getValue().bytes();
    int from = (int) (position - entry.getKey());
    int n = Math.min(length, bytes.length - from);
    System.arraycopy(bytes, from, buffer, offset, n);
    return n;
  }

  /**
   * An unplanned read: a footer longer than the tail, for example. Kept, for it is likely to be
   * read again.
   */
  private void fetch(long position, int length) {
    Long next = kept.higherKey(position);
    long end = Math.min(next == null ? size : next, position + Math.max(length, UNPLANNED_BYTES));
    kept.put(position, new Kept(end, Pending.here(source.read(position, end))));
  }

  @Override
  public void close() {
    source.close();
    kept.clear();
  }
}
