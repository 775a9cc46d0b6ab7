/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import java.util.OptionalInt;

/**
 * A deletion vector as a log names it. Immutable.
 *
 * @param storageType how the next is meant
 * @param pathOrInline where it is, or what it is
 * @param offset where it starts in its file
 * @param sizeInBytes its length
 * @param cardinality how many rows are deleted
 */
public record IndexedVector(
    String storageType,
    String pathOrInline,
    OptionalInt offset,
    int sizeInBytes,
    long cardinality) {
  /** Distinguishes it from other vectors of the same file. */
  String id() {
    return storageType + pathOrInline + (offset.isPresent() ? "@" + offset.getAsInt() : "");
  }
}
