package io.github.deltasharing.storage;

import io.github.deltasharing.storage.PrimedFile.Range;
import java.util.List;

/**
 * Bytes that are asked for when they are read: each planned range is one request, sent when its
 * first byte is read and drained as the reader goes. Holds no range in memory. Used by one thread.
 */
final class StreamedRanges implements RangeSource {
  /** A longer way forward than this is not worth its bytes. */
  private static final long LONGEST_SKIP = 64 << 10;

  private final RangeReader reader;
  private List<Range> planned = List.of();
  private RangeStream stream;

  StreamedRanges(RangeReader reader) {
    this.reader = reader;
  }

  @Override
  public RangeReader reader() {
    return reader;
  }

  @Override
  public Awaited<byte[]> tail(long start, long end) {
    return ask(start, end);
  }

  @Override
  public Awaited<byte[]> ask(long start, long end) {
    return Awaited.here(read(start, end));
  }

  @Override
  public byte[] read(long start, long end) {
    return reader.read(start, end);
  }

  @Override
  public void expect(long start, long end) {
    // Nothing is asked for before it is read.
  }

  @Override
  public void plan(List<Range> ranges) {
    planned = ranges;
  }

  @Override
  public boolean askForMore() {
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
      stream = reader.open(position, range.end());
    }
    stream.skip(position - stream.position());
    int n = (int) Math.min(length, stream.end() - position);
    stream.readFully(buffer, offset, n);
    return n;
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
