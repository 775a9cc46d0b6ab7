/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import io.github.deltasharing.source.TableFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Files of a version on their way into an {@link IndexCache}: all of them, or what commits changed
 * in another version. Once something returns false it is over. Whoever started it closes it, and
 * nothing is kept before {@link #finish}. Used by one thread.
 */
public final class IndexBuild implements AutoCloseable {
  /** Blocks with fewer files than this are small; so are those with fewer than half their files. */
  private static final int SMALL = FileBlock.MOST_FILES / 2;

  /** So many small blocks at the newest end are put together. */
  private static final int MOST_SMALL = 16;

  private final IndexCache cache;
  private final IndexKey key;
  private final VectorCodec codec;
  private final long started;
  private final List<FileBlock> blocks = new ArrayList<>();
  private final FileIndexBuilder builder;
  private long bytes;
  private boolean failed;
  private boolean ended;

  IndexBuild(IndexCache cache, IndexKey key, VectorCodec codec, long started) {
    this.cache = cache;
    this.key = key;
    this.codec = codec;
    this.started = started;
    this.builder = new FileIndexBuilder(codec, this::take);
  }

  /** The version. */
  public IndexKey key() {
    return key;
  }

  long started() {
    return started;
  }

  private boolean take(FileBlock block) {
    bytes += block.heapBytes();
    if (!cache.take(this, block, bytes)) {
      failed = true;
      return false;
    }
    blocks.add(block);
    return true;
  }

  /** Adds a file, in the order of the log; returns whether more are wanted. */
  public boolean add(TableFile file) {
    if (!failed && !ended && builder.add(file)) {
      return true;
    }
    close();
    return false;
  }

  /**
   * Adds the files of an older version that the newer one, whose own were added, still has.
   *
   * @param changes what was added, and what was removed
   * @return how many files those are; empty if there is no room
   */
  public OptionalLong addRest(IndexedFiles older, FileChanges changes) {
    List<BlockPart> rest = older.index().without(changes.keys());
    Set<BlockPart> small = new HashSet<>();
    for (int i = 0; i < rest.size() && isSmall(rest.get(i)); i++) {
      small.add(rest.get(i));
    }
    for (BlockPart part : rest) {
      boolean repack = (small.size() >= MOST_SMALL && small.contains(part)) || isHollow(part);
      if (failed || ended || !(repack ? builder.repack(part) : builder.add(part))) {
        close();
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(rest.stream().mapToLong(BlockPart::count).sum());
  }

  private static boolean isSmall(BlockPart part) {
    return part.count() < SMALL;
  }

  private static boolean isHollow(BlockPart part) {
    return part.count() < part.block().size() / 2;
  }

  /** Keeps what was added. */
  public void finish() {
    if (!ended) {
      FileIndex index = failed ? null : builder.build();
      ended = true;
      cache.end(this, blocks, failed ? null : index);
    }
  }

  /** Lets go of what was not kept. */
  @Override
  public void close() {
    if (!ended) {
      ended = true;
      cache.end(this, blocks, null);
    }
  }
}
