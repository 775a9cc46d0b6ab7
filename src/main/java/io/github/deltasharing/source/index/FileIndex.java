/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The files of one version in the order of its log. Immutable, safe for use by several threads. */
final class FileIndex {
  private final List<BlockPart> parts;
  private final long count;

  FileIndex(List<BlockPart> parts) {
    this.parts = List.copyOf(parts);
    this.count = parts.stream().mapToLong(BlockPart::count).sum();
  }

  List<BlockPart> parts() {
    return parts;
  }

  /** How many files there are. */
  long count() {
    return count;
  }

  /** What it takes besides its blocks, which other versions may share. */
  long ownBytes() {
    return 64 + parts.stream().mapToLong(BlockPart::heapBytes).sum();
  }

  /** The same without some files. */
  List<BlockPart> without(Set<FileKey> gone) {
    Set<Integer> hashes =
        gone.stream().map(key -> key.relativePath().hashCode()).collect(Collectors.toSet());
    List<BlockPart> left = new ArrayList<>();
    for (BlockPart part : parts) {
      BitSet files = part.files();
      for (int i = files.nextSetBit(0); i >= 0; i = files.nextSetBit(i + 1)) {
        if (hashes.contains(part.block().pathHash(i)) && gone.contains(part.block().key(i))) {
          files = files == part.files() ? (BitSet) files.clone() : files;
          files.clear(i);
        }
      }
      if (!files.isEmpty()) {
        left.add(files == part.files() ? part : BlockPart.of(part.block(), files));
      }
    }
    return left;
  }

  /** The blocks, each once. */
  Set<FileBlock> blocks() {
    Set<FileBlock> blocks = new HashSet<>();
    parts.forEach(part -> blocks.add(part.block()));
    return blocks;
  }
}
