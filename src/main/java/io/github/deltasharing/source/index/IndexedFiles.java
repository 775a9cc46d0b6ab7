/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The files of a version, in memory while this is open. Whoever was given it closes it. Used by one
 * thread.
 */
public final class IndexedFiles implements AutoCloseable {
  private final FileIndex index;
  private final VectorCodec codec;
  private final Runnable release;

  IndexedFiles(FileIndex index, VectorCodec codec, Runnable release) {
    this.index = index;
    this.codec = codec;
    this.release = release;
  }

  /** How many files there are. */
  public long count() {
    return index.count();
  }

  /** All files. */
  public FileSelection all() {
    return new FileSelection(index.parts(), codec);
  }

  /** The files that pass a test. */
  public FileSelection select(FileTest test) {
    List<BlockPart> selected = new ArrayList<>();
    for (BlockPart part : index.parts()) {
      FileTest.Verdict verdict = test.test(part.block().group());
      if (verdict == FileTest.Verdict.ALL) {
        selected.add(part);
      } else if (verdict == FileTest.Verdict.EACH) {
        BitSet passed = each(part, test);
        if (!passed.isEmpty()) {
          selected.add(BlockPart.of(part.block(), passed));
        }
      }
    }
    return new FileSelection(selected, codec);
  }

  private static BitSet each(BlockPart part, FileTest test) {
    FileBlock block = part.block();
    BitSet files = part.files();
    BitSet passed = new BitSet();
    for (int i = files.nextSetBit(0); i >= 0; i = files.nextSetBit(i + 1)) {
      if (test.test(block.facts(i))) {
        passed.set(i);
      }
    }
    return passed;
  }

  FileIndex index() {
    return index;
  }

  @Override
  public void close() {
    release.run();
  }
}
