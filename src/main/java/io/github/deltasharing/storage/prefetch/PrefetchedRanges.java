/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.prefetch;

import io.github.deltasharing.storage.Pending;
import io.github.deltasharing.storage.PooledBytes;
import io.github.deltasharing.storage.PrimedFile.Range;
import io.github.deltasharing.storage.RangeReader;
import io.github.deltasharing.storage.RangeSource;
import io.github.deltasharing.storage.prefetch.FetchPool.Rank;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;

/**
 * Bytes that are fetched ahead of their reader, in the order of reading: each planned range is one
 * request, or several where it is long, as many at a time as the task's {@link ReadAhead} has room
 * for. A piece is dropped, and a later one requested, when the reader is past it. The piece that is
 * read now is fetched whether there is room or not. Used by one thread; closing only ends what is
 * on its way, and may come from any thread.
 */
final class PrefetchedRanges implements RangeSource {
  private final RangeReader reader;
  private final ReadAhead ahead;
  private final Rank tailRank;
  private final TreeMap<Long, Piece> pieces = new TreeMap<>();
  private final Queue<Piece> unrequested = new ArrayDeque<>();
  private Piece current;

  /** Before, nothing is read from pieces: what is expected stays as it was requested. */
  private boolean planned;

  /**
   * @param tailRank how soon its tail is needed
   */
  PrefetchedRanges(RangeReader reader, ReadAhead ahead, Rank tailRank) {
    this.reader = reader;
    this.ahead = ahead;
    this.tailRank = tailRank;
  }

  @Override
  public RangeReader reader() {
    return reader;
  }

  @Override
  public Pending<byte[]> tail(long start, long end) {
    return fetch(tailRank, start, end);
  }

  @Override
  public Pending<byte[]> request(long start, long end) {
    return fetch(Rank.NEEDED, start, end);
  }

  @Override
  public byte[] read(long start, long end) {
    return request(start, end).await();
  }

  private Fetch<byte[]> fetch(Rank rank, long start, long end) {
    PooledBytes cached = reader.cached(start, end);
    return cached == null
        ? ahead.fetch(rank, this, end - start, () -> reader.read(start, end))
        : ahead.fetched(this, end - start, cached.whole());
  }

  @Override
  public void expect(long start, long end) {
    cut(List.of(new Range(start, end)), start);
    requestMore();
  }

  @Override
  public void plan(List<Range> ranges) {
    cut(ranges, settleExpected(ranges));
    planned = true;
    requestMore();
  }

  private void cut(List<Range> ranges, long from) {
    for (Range range : ranges) {
      for (long start = Math.max(from, range.start()); start < range.end(); ) {
        Piece piece = new Piece(start, Math.min(start + ahead.pieceBytes(), range.end()));
        pieces.put(start, piece);
        unrequested.add(piece);
        start = piece.end;
      }
    }
  }

  /** Drops what was expected in vain; returns where the bytes start that are not requested yet. */
  private long settleExpected(List<Range> ranges) {
    long from = 0;
    unrequested.clear();
    for (Iterator<Piece> each = pieces.values().iterator(); each.hasNext(); ) {
      Piece piece = each.next();
      if (!piece.isRequested()) {
        each.remove();
        continue;
      }
      from = piece.end;
      if (ranges.stream().noneMatch(piece::isPartOf)) {
        piece.fetch.free();
        each.remove();
      }
    }
    return from;
  }

  /** In order: a piece that has no room lets none overtake it. */
  @Override
  public boolean requestMore() {
    while (!unrequested.isEmpty()) {
      Piece next = unrequested.peek();
      if (!next.isRequested()) {
        if (!ahead.hasRoom(next.end - next.start)) {
          return false;
        }
        next.request(Rank.PLANNED, next.start);
      }
      unrequested.remove();
    }
    return true;
  }

  @Override
  public int readPlanned(long position, byte[] buffer, int offset, int length) {
    if (!planned) {
      return 0;
    }
    Map.Entry<Long, Piece> entry = pieces.floorEntry(position);
    if (entry == null || position >= entry.getValue().end) {
      return 0;
    }
    moveTo(entry.getValue(), position);
    PooledBytes bytes = current.fetch.await();
    int n = bytes.copy((int) (position - current.from), buffer, offset, length);
    if (position + n == current.end) {
      dropCurrent();
      bytes.recycle();
    }
    return n;
  }

  private void moveTo(Piece piece, long position) {
    if (current != null && (piece != current || position < current.from)) {
      dropCurrent();
    }
    current = piece;
    if (piece.fetch == null) {
      piece.request(Rank.NEEDED, position);
    }
  }

  private void dropCurrent() {
    current.fetch.free();
    current.fetch = null;
    current = null;
    requestMore();
  }

  @Override
  public void close() {
    ahead.free(this);
  }

  /** A part of a planned range. */
  private final class Piece {
    final long start;
    final long end;

    /** Null before it is requested, and again when it was read. */
    Fetch<PooledBytes> fetch;

    /** Where the fetched bytes start; negative before they are requested. */
    long from = -1;

    Piece(long start, long end) {
      this.start = start;
      this.end = end;
    }

    boolean isRequested() {
      return from >= 0;
    }

    boolean isPartOf(Range range) {
      return start < range.end() && range.start() < end;
    }

    void request(Rank rank, long position) {
      from = position;
      long bytes = end - position;
      PooledBytes cached = reader.cached(position, end);
      fetch =
          cached == null
              ? ahead.fetch(
                  rank, PrefetchedRanges.this, bytes, () -> reader.readPooled(position, end))
              : ahead.fetched(PrefetchedRanges.this, bytes, cached);
    }
  }
}
