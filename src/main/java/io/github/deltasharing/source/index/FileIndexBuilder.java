/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import io.github.deltasharing.source.TableFile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Packs files into blocks, as they come. Not thread-safe. */
final class FileIndexBuilder {
  private final VectorCodec codec;
  private final Predicate<FileBlock> taken;
  private final StatisticsSplitter splitter = new StatisticsSplitter();
  private final List<BlockPart> parts = new ArrayList<>();
  private FileBlock.Builder block = new FileBlock.Builder(splitter);

  /**
   * @param taken is given each block; false if there is no room for it, and the index is not to be
   *     built
   */
  FileIndexBuilder(VectorCodec codec, Predicate<FileBlock> taken) {
    this.codec = codec;
    this.taken = taken;
  }

  /** Adds a file; returns whether more may come. */
  boolean add(TableFile file) {
    if (block.add(file, codec)) {
      return true;
    }
    return closeBlock() && block.add(file, codec);
  }

  private boolean closeBlock() {
    if (block.isEmpty()) {
      return true;
    }
    FileBlock built = block.build();
    block = new FileBlock.Builder(splitter);
    parts.add(BlockPart.all(built));
    return taken.test(built);
  }

  /** Adds some files as they are, behind those that were added. Returns whether more may come. */
  boolean add(BlockPart part) {
    if (!closeBlock()) {
      return false;
    }
    parts.add(part);
    return true;
  }

  /** Adds the files of a part that is not kept, with those that come before and after. */
  boolean repack(BlockPart part) {
    for (int i = part.files().nextSetBit(0); i >= 0; i = part.files().nextSetBit(i + 1)) {
      if (!add(part.block().file(i, codec))) {
        return false;
      }
    }
    return true;
  }

  /** All files; null if there was no room. */
  FileIndex build() {
    return closeBlock() ? new FileIndex(parts) : null;
  }
}
