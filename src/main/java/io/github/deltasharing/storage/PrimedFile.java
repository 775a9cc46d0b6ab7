package io.github.deltasharing.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A shared file opened for one split, with what is known of how it will be read: the tail fetched
 * at once (the whole file where it is small), the ranges that are {@link #keep kept} because they
 * are read in small pieces, then the ranges that the split will need, each of which becomes one
 * request when its first byte is read. Used by one thread; {@link #close} drops what is held.
 */
public final class PrimedFile implements AutoCloseable {
  /** A file up to this long comes whole, in one request. */
  static final long SMALL_FILE_BYTES = 1 << 20;

  /**
   * How much of a longer file's end is fetched first at least. Footers grow with files: a
   * thousandth of the file holds nearly all of them.
   */
  static final long TAIL_BYTES = 64 << 10;

  private static final long LONGEST_TAIL_BYTES = 512 << 10;

  /** What an unplanned read fetches at least. */
  private static final long UNPLANNED_BYTES = 64 << 10;

  private final RangeReader reader;
  private final long size;
  private final long tailStart;
  private final TreeMap<Long, byte[]> held = new TreeMap<>();
  private List<Range> planned = List.of();
  private RangeStream stream;

  /** A half-open range of bytes. */
  public record Range(long start, long end) {}

  /** Fetches the tail of {@code file}: one request, none for an empty file. */
  public PrimedFile(RangeReader reader) {
    this.reader = reader;
    this.size = reader.file().size();
    long tail = size <= SMALL_FILE_BYTES ? size : tailBytes(size);
    this.tailStart = size - tail;
    if (tail > 0) {
      held.put(tailStart, reader.read(tailStart, size));
    }
  }

  private static long tailBytes(long size) {
    return Math.max(TAIL_BYTES, Math.min(size >> 10, LONGEST_TAIL_BYTES));
  }

  public SharedFile file() {
    return reader.file();
  }

  /** Where requests for this file are counted. */
  public IoStats stats() {
    return reader.stats();
  }

  /**
   * Fetches a range and holds it: one that is read in small pieces and in no order, as indexes are.
   * What of it is in the tail is not fetched again.
   */
  public void keep(Range range) {
    long end = Math.min(range.end(), tailStart);
    if (range.start() < end) {
      held.put(range.start(), reader.read(range.start(), end));
    }
  }

  /**
   * Says which ranges will be read, in ascending order and disjoint. What of them is in the tail is
   * not fetched again.
   */
  public void plan(List<Range> ranges) {
    planned = new ArrayList<>();
    for (Range range : ranges) {
      planned.add(new Range(range.start(), Math.min(range.end(), tailStart)));
    }
  }

  /** Reads up to {@code length} bytes at {@code position}, at least one; -1 at the file's end. */
  int read(long position, byte[] buffer, int offset, int length) {
    if (position >= size) {
      return -1;
    }
    if (length == 0) {
      return 0;
    }
    int fromMemory = readHeld(position, buffer, offset, length);
    if (fromMemory > 0) {
      return fromMemory;
    }
    if (!streamReaches(position)) {
      Range range = plannedAround(position);
      if (range == null) {
        fetch(position, length);
        return readHeld(position, buffer, offset, length);
      }
      closeStream();
      stream = reader.open(position, range.end());
    }
    stream.skip(position - stream.position());
    int n = (int) Math.min(length, stream.end() - position);
    stream.readFully(buffer, offset, n);
    return n;
  }

  private int readHeld(long position, byte[] buffer, int offset, int length) {
    Map.Entry<Long, byte[]> entry = held.floorEntry(position);
    if (entry == null || position >= entry.getKey() + entry.getValue().length) {
      return 0;
    }
    int from = (int) (position - entry.getKey());
    int n = Math.min(length, entry.getValue().length - from);
    System.arraycopy(entry.getValue(), from, buffer, offset, n);
    return n;
  }

  /** A short way forward is read over, a long one is not worth its bytes. */
  private boolean streamReaches(long position) {
    return stream != null
        && position >= stream.position()
        && position < stream.end()
        && position - stream.position() <= UNPLANNED_BYTES;
  }

  private Range plannedAround(long position) {
    for (Range range : planned) {
      if (position >= range.start() && position < range.end()) {
        return range;
      }
    }
    return null;
  }

  /**
   * An unplanned read: a footer longer than the tail, for example. Kept, for it is likely to be
   * read again.
   */
  private void fetch(long position, int length) {
    Long next = held.higherKey(position);
    long end = Math.min(next == null ? size : next, position + Math.max(length, UNPLANNED_BYTES));
    held.put(position, reader.read(position, end));
  }

  private void closeStream() {
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }

  @Override
  public void close() {
    closeStream();
    held.clear();
  }
}
