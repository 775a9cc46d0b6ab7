package io.github.deltasharing.storage;

import java.lang.ref.SoftReference;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * The bytes of one request, in blocks that are used again: one large array a request would be
 * allocated outside of the young generation, and start a cycle of the garbage collector every few
 * requests. Filled by one thread, then read by one; by any number where they are not recycled.
 */
final class HeldBytes {
  /** Below half a region of G1, which has regions of 1 MiB at least. */
  static final int BLOCK_BYTES = 256 << 10;

  /** Blocks kept for later: 64 MiB, what a task may hold by default, for up to four tasks. */
  private static final int MOST_KEPT =
      256 * Math.min(4, Runtime.getRuntime().availableProcessors());

  /** Let go when memory is short. */
  private static SoftReference<Queue<byte[]>> kept = new SoftReference<>(null);

  private final byte[][] blocks;
  private final int blockBytes;
  private final int length;
  private final boolean recycled;

  private HeldBytes(byte[][] blocks, int blockBytes, int length, boolean recycled) {
    this.blocks = blocks;
    this.blockBytes = blockBytes;
    this.length = length;
    this.recycled = recycled;
  }

  /** These bytes, in one block that is not recycled. */
  static HeldBytes of(byte[] bytes) {
    return new HeldBytes(new byte[][] {bytes}, Math.max(bytes.length, 1), bytes.length, false);
  }

  /** Reads {@code length} bytes of a stream. */
  static HeldBytes read(RangeStream in, int length) {
    byte[][] blocks = new byte[(length + BLOCK_BYTES - 1) / BLOCK_BYTES][];
    for (int i = 0; i < blocks.length; i++) {
      int bytes = Math.min(BLOCK_BYTES, length - i * BLOCK_BYTES);
      blocks[i] = bytes == BLOCK_BYTES ? block() : new byte[bytes];
      in.readFully(blocks[i], 0, bytes);
    }
    return new HeldBytes(blocks, BLOCK_BYTES, length, true);
  }

  /** The same blocks, which stay as they are; instead of this one, which is not to be recycled. */
  HeldBytes notRecycled() {
    return new HeldBytes(blocks, blockBytes, length, false);
  }

  int length() {
    return length;
  }

  /** Copies up to {@code length} bytes from {@code position} on; returns how many, at least one. */
  int copy(int position, byte[] buffer, int offset, int length) {
    byte[] block = blocks[position / blockBytes];
    int from = position % blockBytes;
    int n = Math.min(length, block.length - from);
    System.arraycopy(block, from, buffer, offset, n);
    return n;
  }

  /** All bytes in one array, which is not to be changed. */
  byte[] whole() {
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
  void recycle() {
    if (!recycled) {
      return;
    }
    Queue<byte[]> queue = keptBlocks();
    for (int i = 0; i < blocks.length; i++) {
      if (blocks[i].length == BLOCK_BYTES) {
        queue.offer(blocks[i]);
      }
      blocks[i] = null;
    }
  }

  private static byte[] block() {
    byte[] block = keptBlocks().poll();
    return block == null ? new byte[BLOCK_BYTES] : block;
  }

  /** The blocks that wait to be used again. */
  static synchronized Queue<byte[]> keptBlocks() {
    Queue<byte[]> queue = kept.get();
    if (queue == null) {
      queue = new ArrayBlockingQueue<>(MOST_KEPT);
      kept = new SoftReference<>(queue);
    }
    return queue;
  }
}
