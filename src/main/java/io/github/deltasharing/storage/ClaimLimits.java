/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

/**
 * How much memory what a file claims may take. Claims cost nothing to whoever makes them, and an
 * OutOfMemoryError ends an executor with all of its tasks; so they are bounded by shares of the
 * heap, of which honest files take a small part. Immutable.
 *
 * @param metadata bytes of one piece of a file's metadata: a footer, an index, a page's header
 * @param parsed what one such piece may take when it was parsed
 * @param page bytes of one page, or one dictionary, when decompressed
 * @param pages bytes of the largest pages of all columns of a row group, which are in memory at a
 *     time
 * @param deletions bytes of one deletion vector
 */
public record ClaimLimits(long metadata, long parsed, long page, long pages, long deletions) {
  private static final long LEAST = 16L << 20;
  private static final long MOST = 512L << 20;

  private static final ClaimLimits HERE = ofHeap(Runtime.getRuntime().maxMemory());

  /** Those of this JVM. */
  public static ClaimLimits here() {
    return HERE;
  }

  /** Those of a JVM with a heap of that many bytes. */
  public static ClaimLimits ofHeap(long heap) {
    return new ClaimLimits(
        Math.max(LEAST, Math.min(heap / 8, MOST)),
        Math.max(LEAST, heap / 4),
        Math.max(LEAST, heap / 4),
        Math.max(LEAST, heap / 2),
        Math.max(LEAST, Math.min(heap / 16, MOST)));
  }
}
