/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import java.util.BitSet;

/**
 * The files of a block that a version has, or that a query wants. Immutable.
 *
 * @param files their places in the block; not to be changed
 * @param count how many
 */
record BlockPart(FileBlock block, BitSet files, int count) {
  static BlockPart of(FileBlock block, BitSet files) {
    return new BlockPart(block, files, files.cardinality());
  }

  static BlockPart all(FileBlock block) {
    BitSet all = new BitSet();
    all.set(0, block.size());
    return new BlockPart(block, all, block.size());
  }

  long heapBytes() {
    return 120 + block.size() / 8;
  }
}
