/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/**
 * Collects the positions of a data file's deleted rows, to be written as a {@link DeletionVector}.
 * Not thread-safe; safe to read by several threads once nothing is added.
 */
public final class DeletedRows {
  /** Magic and count; a key of each bitmap. */
  private static final int HEADER_BYTES = 12;

  private static final int KEY_BYTES = 4;

  private final TreeMap<Integer, RoaringBitmap> bitmaps = new TreeMap<>();

  /**
   * Adds the row at a position.
   *
   * @throws IllegalArgumentException if no data file has such a row
   */
  public void add(long position) {
    long key = position >>> 32;
    if (key >= DeletionVector.MOST_BITMAPS) {
      throw new IllegalArgumentException("there is no row at position " + position);
    }
    bitmaps.computeIfAbsent((int) key, any -> new RoaringBitmap()).add((int) position);
  }

  /** Adds all rows of others. */
  public void addAll(DeletedRows others) {
    others.bitmaps.forEach(
        (key, rows) -> bitmaps.computeIfAbsent(key, any -> new RoaringBitmap()).or(rows));
  }

  /** Adds all rows of a vector. */
  public void addAll(DeletionVector others) {
    others.forEachBitmap(
        (key, rows) -> bitmaps.computeIfAbsent(key, any -> new RoaringBitmap()).or(rows));
  }

  public boolean isEmpty() {
    return bitmaps.isEmpty();
  }

  /** How many rows are deleted. */
  public long cardinality() {
    return bitmaps.values().stream().mapToLong(RoaringBitmap::getLongCardinality).sum();
  }

  /** The greatest position; -1 if there is none. */
  public long last() {
    return bitmaps.isEmpty()
        ? -1
        : (long) bitmaps.lastKey() << 32 | bitmaps.lastEntry().getValue().last() & 0xffffffffL;
  }

  /** The bytes of the vector, without what is around them in a file. */
  public long sizeInBytes() {
    return HEADER_BYTES
        + bitmaps.values().stream()
            .mapToLong(rows -> KEY_BYTES + (long) rows.serializedSizeInBytes())
            .sum();
  }

  /**
   * The vector as it is written out in a descriptor, in Z85.
   *
   * @throws ArithmeticException if it is too long for a text
   */
  public String inline() {
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(sizeInBytes())).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(DeletionVector.PORTABLE_MAGIC).putLong(bitmaps.size());
    for (Map.Entry<Integer, RoaringBitmap> rows : bitmaps.entrySet()) {
      out.putInt(rows.getKey());
      ByteBuffer part = out.slice().order(ByteOrder.LITTLE_ENDIAN);
      rows.getValue().serialize(part);
      out.position(out.position() + rows.getValue().serializedSizeInBytes());
    }
    return Z85.encode(out.array());
  }

  /** Makes what is kept small; nothing is added any more. */
  public void trim() {
    bitmaps.values().forEach(RoaringBitmap::runOptimize);
  }
}
