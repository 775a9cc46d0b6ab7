/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.zip.CRC32;
import org.roaringbitmap.BatchIterator;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * The positions of a data file's deleted rows (Delta protocol, "Deletion Vector Format"). Immutable
 * and thread-safe: one is shared by all tasks of an executor.
 */
public final class DeletionVector {
  /** First int of the portable serialisation of a 64-bit bitmap, little endian. */
  static final int PORTABLE_MAGIC = 1681511377;

  /** A key and the header of a bitmap. */
  private static final int LEAST_BITMAP_BYTES = 8;

  /** Each is of 2^32 rows: no data file has so many. Empty ones are objects all the same. */
  static final int MOST_BITMAPS = 1 << 12;

  /** Bytes around the bitmap in a file: its length before it, its CRC-32 behind it, big endian. */
  public static final int FRAME_BYTES = 8;

  private static final int CHECKED_AT_ONCE = 1024;

  /** Which 2^32 rows a bitmap is of: the upper halves of their positions, ascending. */
  private final int[] keys;

  private final RoaringBitmap[] bitmaps;

  private DeletionVector(int[] keys, RoaringBitmap[] bitmaps) {
    this.keys = keys;
    this.bitmaps = bitmaps;
  }

  /**
   * Decodes an inline vector.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static DeletionVector ofInline(String z85, int sizeInBytes, long cardinality) {
    byte[] padded = Z85.decode(z85);
    if (sizeInBytes < 0 || sizeInBytes > padded.length || padded.length - sizeInBytes > 3) {
      throw new IllegalArgumentException(
          "it has " + padded.length + " bytes where " + sizeInBytes + " were promised");
    }
    return of(ByteBuffer.wrap(padded, 0, sizeInBytes), cardinality);
  }

  /** The text of a vector that is stored in a file, as it is written out in a descriptor. */
  public static String inline(byte[] framed) {
    return Z85.encode(Arrays.copyOfRange(framed, 4, framed.length - 4));
  }

  /**
   * Decodes a vector as it is stored in a file: length, bitmap, checksum.
   *
   * @param framed {@code sizeInBytes} + {@link #FRAME_BYTES} bytes
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static DeletionVector ofFile(byte[] framed, int sizeInBytes, long cardinality) {
    ByteBuffer buffer = ByteBuffer.wrap(framed);
    int length = framed.length < FRAME_BYTES ? 0 : buffer.getInt();
    if (length != sizeInBytes || framed.length - FRAME_BYTES != sizeInBytes) {
      throw new IllegalArgumentException(
          "it has " + length + " bytes where " + sizeInBytes + " were promised");
    }
    CRC32 crc = new CRC32();
    crc.update(framed, 4, length);
    if ((int) crc.getValue() != buffer.getInt(4 + length)) {
      throw new IllegalArgumentException("its checksum is wrong");
    }
    return of(ByteBuffer.wrap(framed, 4, length), cardinality);
  }

  private static DeletionVector of(ByteBuffer bitmap, long cardinality) {
    DeletionVector vector;
    try {
      vector = parse(bitmap.slice().order(ByteOrder.LITTLE_ENDIAN));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("it is no 64-bit Roaring bitmap", e);
    }
    if (vector.cardinality() != cardinality) {
      throw new IllegalArgumentException(
          "it holds " + vector.cardinality() + " rows where " + cardinality + " were promised");
    }
    return vector;
  }

  private static DeletionVector parse(ByteBuffer in) {
    if (in.getInt() != PORTABLE_MAGIC) {
      throw new IllegalArgumentException(
          "it is not in the portable format of 64-bit Roaring bitmaps");
    }
    long count = in.getLong();
    if (count < 0 || count > in.remaining() / LEAST_BITMAP_BYTES) {
      throw new IllegalArgumentException("it is no 64-bit Roaring bitmap: too short for its count");
    }
    if (count > MOST_BITMAPS) {
      throw new IllegalArgumentException(
          "it claims " + count + " bitmaps, over the limit of " + MOST_BITMAPS);
    }
    int[] keys = new int[(int) count];
    RoaringBitmap[] bitmaps = new RoaringBitmap[keys.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = in.getInt();
      if (keys[i] < 0 || (i > 0 && keys[i] <= keys[i - 1])) {
        throw new IllegalArgumentException("the keys of its bitmaps do not ascend");
      }
      bitmaps[i] = new RoaringBitmap();
      deserialize(bitmaps[i], in);
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("it is no 64-bit Roaring bitmap: bytes are left over");
    }
    return new DeletionVector(keys, bitmaps);
  }

  private static void deserialize(RoaringBitmap bitmap, ByteBuffer in) {
    try {
      bitmap.deserialize(in.slice().order(ByteOrder.LITTLE_ENDIAN));
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("it is no 64-bit Roaring bitmap", e);
    }
    int size = bitmap.serializedSizeInBytes();
    if (size > in.remaining()) {
      throw new IllegalArgumentException("it is no 64-bit Roaring bitmap");
    }
    in.position(in.position() + size);
    checkAscending(bitmap);
  }

  /**
   * The library takes any rows for a bitmap, and any count for theirs. Of rows that do not ascend
   * it finds some and not others: deleted ones would reappear, living ones be read twice.
   */
  private static void checkAscending(RoaringBitmap bitmap) {
    int[] rows = new int[CHECKED_AT_ONCE];
    long last = -1;
    long count = 0;
    try {
      BatchIterator all = bitmap.getBatchIterator();
      while (all.hasNext()) {
        int read = all.nextBatch(rows);
        if (read == 0) {
          break;
        }
        for (int i = 0; i < read; i++) {
          long row = rows[i] & 0xffffffffL;
          if (row <= last) {
            throw new IllegalArgumentException("it has rows that do not ascend");
          }
          last = row;
        }
        count += read;
      }
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("it is no 64-bit Roaring bitmap", e);
    }
    if (count != bitmap.getLongCardinality()) {
      throw new IllegalArgumentException(
          "it has a bitmap of " + count + " rows that says " + bitmap.getLongCardinality());
    }
  }

  /** How many rows are deleted. */
  public long cardinality() {
    long sum = 0;
    for (RoaringBitmap bitmap : bitmaps) {
      sum += bitmap.getLongCardinality();
    }
    return sum;
  }

  /** Whether the row at this position is deleted. */
  public boolean isDeleted(long row) {
    RoaringBitmap bitmap = bitmap(row);
    return bitmap != null && bitmap.contains((int) row);
  }

  /**
   * Lists which of a run of rows live.
   *
   * @param firstRow position of the first row in the file
   * @param rows how many
   * @param live receives the living rows' indexes in the run, ascending
   * @return how many live
   */
  public int live(long firstRow, int rows, int[] live) {
    int count = 0;
    int i = 0;
    while (i < rows) {
      RoaringBitmap bitmap = bitmap(firstRow + i);
      // The run may go on in the bitmap of the next 2^32 rows.
      int end = (int) Math.min(rows, i + (1L << 32) - ((firstRow + i) & 0xffffffffL));
      count =
          bitmap == null
              ? all(i, end, live, count)
              : liveIn(bitmap, (firstRow + i) & 0xffffffffL, i, end, live, count);
      i = end;
    }
    return count;
  }

  private static int all(int from, int to, int[] live, int count) {
    int n = count;
    for (int i = from; i < to; i++) {
      live[n++] = i;
    }
    return n;
  }

  /** The part of a run that lies in one bitmap, where it begins at {@code first}. */
  private static int liveIn(
      RoaringBitmap bitmap, long first, int from, int to, int[] live, int count) {
    int n = count;
    PeekableIntIterator deleted = bitmap.getIntIterator();
    deleted.advanceIfNeeded((int) first);
    int i = from;
    while (i < to && deleted.hasNext()) {
      long next = from + (deleted.next() & 0xffffffffL) - first;
      int stop = (int) Math.min(to, next);
      n = all(i, stop, live, n);
      i = stop + 1;
    }
    return all(i, to, live, n);
  }

  /**
   * Lists which of a run of rows are deleted.
   *
   * @param firstRow position of the first row in the file
   * @param rows how many
   * @param deleted receives the deleted rows' indexes in the run, ascending
   * @return how many are deleted
   */
  public int deleted(long firstRow, int rows, int[] deleted) {
    int count = 0;
    int i = 0;
    while (i < rows) {
      RoaringBitmap bitmap = bitmap(firstRow + i);
      long first = (firstRow + i) & 0xffffffffL;
      int end = (int) Math.min(rows, i + (1L << 32) - first);
      if (bitmap != null) {
        PeekableIntIterator positions = bitmap.getIntIterator();
        positions.advanceIfNeeded((int) first);
        while (positions.hasNext()) {
          long index = i + (positions.next() & 0xffffffffL) - first;
          if (index >= end) {
            break;
          }
          deleted[count++] = (int) index;
        }
      }
      i = end;
    }
    return count;
  }

  /** The rows that are deleted here and not there. */
  public DeletionVector without(DeletionVector other) {
    RoaringBitmap[] left = new RoaringBitmap[bitmaps.length];
    for (int i = 0; i < left.length; i++) {
      int there = Arrays.binarySearch(other.keys, keys[i]);
      left[i] = there < 0 ? bitmaps[i] : RoaringBitmap.andNot(bitmaps[i], other.bitmaps[there]);
    }
    return new DeletionVector(keys, left);
  }

  /** Shows each bitmap with the upper half of its rows' positions. It is not to be changed. */
  void forEachBitmap(BiConsumer<Integer, RoaringBitmap> rows) {
    for (int i = 0; i < keys.length; i++) {
      rows.accept(keys[i], bitmaps[i]);
    }
  }

  private RoaringBitmap bitmap(long row) {
    int found = Arrays.binarySearch(keys, (int) (row >>> 32));
    return found < 0 ? null : bitmaps[found];
  }
}
