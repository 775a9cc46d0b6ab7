/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.parquet;

/** What the parts of a row take, which a small file can have very many of. Used by one thread. */
final class RowBudget {
  private static final int MOST_PARTS = 1_000_000;
  private static final long MOST_BYTES = 64L << 20;

  private int parts;
  private long bytes;

  /** Another row begins. */
  void clear() {
    parts = 0;
    bytes = 0;
  }

  void take(Object value) {
    bytes += value instanceof String text ? 2L * text.length() : 0;
    bytes += value instanceof byte[] some ? some.length : 0;
    if (bytes > MOST_BYTES) {
      throw new UnfitValueException(
          "it has more than %,d MiB with the columns before it".formatted(MOST_BYTES >> 20));
    }
  }

  void takePart() {
    if (++parts > MOST_PARTS) {
      throw new UnfitValueException(
          "it has more than %,d elements with the columns before it".formatted(MOST_PARTS));
    }
  }
}
