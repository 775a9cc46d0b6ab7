/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import java.io.Serializable;

/**
 * The way to the bytes of shared files: over signed URLs, for one. A scan has one, which the driver
 * chooses; it travels to executors with what it needs to get there. Decorators add what does not
 * depend on the way, such as {@link CachingAccess}. Thread-safe; nothing to close.
 */
public interface FileAccess extends Serializable {
  /**
   * A reader of one file. Sends no request yet.
   *
   * @param file a data file, or {@link SharedFile#vectorsAt where its deletion vector is}
   * @param stats where the requests are counted
   */
  RangeReader open(SharedFile file, IoStats stats);
}
