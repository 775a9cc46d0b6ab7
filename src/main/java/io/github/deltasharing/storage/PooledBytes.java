/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import java.util.Queue;

/**
 * The bytes of one request, in blocks that are used again: one large array a request would be
 * allocated outside of the young generation, and start a cycle of the garbage collector every few
 * requests. Filled by one thread, then read by one; by any number where they are not recycled.
 */
public final class PooledBytes {
  /** Below half a region of G1, which has regions of 1 MiB at least. */
  public static final int BLOCK_BYTES = 256 << 10;

  private final byte[][] blocks;
  private final int blockBytes;
  private final int length;
  private final boolean recycled;

  private PooledBytes(byte[][] blocks, int blockBytes, int length, boolean recycled) {
    this.blocks = blocks;
    this.blockBytes = blockBytes;
    this.length = length;
    this.recycled = recycled;
  }

  /** These bytes, in one block that is not recycled. */
  public static PooledBytes of(byte[] bytes) {
    return new PooledBytes(new byte[][] {bytes}, Math.max(bytes.length, 1), bytes.length, false);
  }

  /** Reads {@code length} bytes of a stream. */
  public static PooledBytes read(RangeStream in, int length) {
    byte[][] blocks = new byte[(length + BLOCK_BYTES - 1) / BLOCK_BYTES][];
    for (int i = 0; i < blocks.length; i++) {
      int bytes = Math.min(BLOCK_BYTES, length - i * BLOCK_BYTES);
      blocks[i] = bytes == BLOCK_BYTES ? block() : new byte[bytes];
      in.readFully(blocks[i], 0, bytes);
    }
    return new PooledBytes(blocks, BLOCK_BYTES, length, true);
  }

  /** The same blocks, which stay as they are; instead of this one, which is not to be recycled. */
  public PooledBytes notRecycled() {
    return new PooledBytes(blocks, blockBytes, length, false);
  }

  public int length() {
    return length;
  }

  /** Copies up to {@code length} bytes from {@code position} on; returns how many, at least one. */
  public int copy(int position, byte[] buffer, int offset, int length) {
    byte[] block = blocks[position / blockBytes];
    int from = position % blockBytes;
    int n = Math.min(length, block.length - from);
    System.arraycopy(block, from, buffer, offset, n);
    return n;
  }

  /** All bytes in one array, which is not to be changed. */
  public byte[] whole() {
    if (blocks.length == 1) {
      return blocks[0];
    }
    byte[] bytes = new byte[length];
    for (int done = 0; done < length; ) {
      done += copy(done, bytes, done, length - done);
    }
    return bytes;
  }

  /**
   * Gives the blocks back, if they are to be used again. Only by the thread that reads them, and
   * that will not again: others may be filled with other bytes at once.
   */
  public void recycle() {
    if (!recycled) {
      return;
    }
    Queue<byte[]> queue = BlockPool.shared().blocks();
    for (int i = 0; i < blocks.length; i++) {
      if (blocks[i].length == BLOCK_BYTES) {
        queue.offer(blocks[i]);
      }
      blocks[i] = null;
    }
  }

  private static byte[] block() {
    byte[] block = BlockPool.shared().blocks().poll();
    return block == null ? new byte[BLOCK_BYTES] : block;
  }
}
