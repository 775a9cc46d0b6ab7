/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import java.util.Queue;

/** What this JVM's reads hold, for tests on higher floors. */
public final class StorageUse {
  private StorageUse() {}

  /** Files that are open. */
  public static int files() {
    return SharedFileSystem.registered();
  }

  /** What the cache takes. */
  public static long cachedBytes() {
    return RangeCache.shared().bytes();
  }

  public static void clearCache() {
    RangeCache.shared().clear();
  }

  /** The blocks that wait to be used again. */
  public static Queue<byte[]> pooledBlocks() {
    return BlockPool.shared().blocks();
  }

  /** Starts afresh; nothing is to be read meanwhile. */
  public static void reset() {
    ExecutorResources.reset();
  }
}
