/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import java.lang.ref.SoftReference;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/** Blocks of {@link PooledBytes} that wait to be used again, in this JVM. Thread-safe. */
final class BlockPool {
  /** 64 MiB, what a task may take by default, for up to four tasks. */
  private static final int MOST_BLOCKS =
      256 * Math.min(4, Runtime.getRuntime().availableProcessors());

  /** Let go when memory is short. */
  private SoftReference<Queue<byte[]>> kept = new SoftReference<>(null);

  static BlockPool shared() {
    return ExecutorResources.shared(BlockPool.class, BlockPool::new);
  }

  synchronized Queue<byte[]> blocks() {
    Queue<byte[]> queue = kept.get();
    if (queue == null) {
      queue = new ArrayBlockingQueue<>(MOST_BLOCKS);
      kept = new SoftReference<>(queue);
    }
    return queue;
  }
}
