/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.parquet.PageWalk.Chunk;
import io.github.deltasharing.storage.ClaimLimits;
import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.ReadCheck;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.internal.hadoop.metadata.IndexReference;
import org.apache.parquet.schema.MessageType;

/**
 * What a file's footer says of the column chunks that a split reads: compared with the file's
 * length, then with what the chunks and indexes say of themselves when they are read. Used by the
 * file's thread.
 */
final class ChunkChecks implements ReadCheck {
  private final PrimedFile file;
  private final ClaimLimits limits;

  /** By their start. */
  private final TreeMap<Long, Part> parts = new TreeMap<>();

  /** The largest page of each chunk of the row group that is being read. */
  private final Map<Long, Long> largest = new HashMap<>();

  private int rowGroup;
  private long inMemory;

  private Part current;
  private PageWalk pages;
  private ThriftWalk index;
  private long next;

  /**
   * @param chunk null for an index
   */
  private record Part(long start, long end, int rowGroup, Chunk chunk) {}

  private ChunkChecks(PrimedFile file, ClaimLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  /**
   * Checks what the footer says, and what will be read of the file from now on.
   *
   * @param columns those to be read
   * @throws io.github.deltasharing.error.SharingException if it cannot be right
   */
  static void install(
      PrimedFile file, List<BlockMetaData> rowGroups, MessageType columns, ClaimLimits limits) {
    ChunkChecks checks = new ChunkChecks(file, limits);
    Set<ColumnPath> read =
        columns.getColumns().stream()
            .map(column -> ColumnPath.get(column.getPath()))
            .collect(Collectors.toSet());
    for (int i = 0; i < rowGroups.size(); i++) {
      checks.add(rowGroups.get(i), i, read);
    }
    file.check(checks);
  }

  private void add(BlockMetaData group, int number, Set<ColumnPath> read) {
    long bytes = 0;
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      if (!read.contains(chunk.getPath())) {
        continue;
      }
      String column = chunk.getPath().toDotString();
      long start = chunk.getStartingPos();
      long length = chunk.getTotalSize();
      bytes += checkInFile("column " + column, start, length);
      if (bytes > file.file().size()) {
        throw FooterCheck.bad(file, "the column chunks of a row group are longer than the file");
      }
      if (chunk.hasDictionaryPage() && chunk.getFirstDataPageOffset() > start + length) {
        throw FooterCheck.bad(
            file, "the dictionary of column " + column + " is said to be longer than its chunk");
      }
      addIndex(chunk.getColumnIndexReference(), column, number);
      addIndex(chunk.getOffsetIndexReference(), column, number);
      parts.put(
          start,
          new Part(
              start,
              start + length,
              number,
              new Chunk(
                  column,
                  start,
                  start + length,
                  chunk.getValueCount(),
                  chunk.getTotalUncompressedSize(),
                  chunk.getCodec())));
    }
  }

  private void addIndex(IndexReference at, String column, int number) {
    if (at != null) {
      String what = "an index of column " + column;
      long length = checkInFile(what, at.getOffset(), at.getLength());
      if (length > limits.metadata()) {
        throw FooterCheck.bad(
            file,
            what
                + " claims "
                + length
                + " bytes, over the limit of "
                + limits.metadata()
                + " bytes for this heap");
      }
      parts.put(at.getOffset(), new Part(at.getOffset(), at.getOffset() + length, number, null));
    }
  }

  private long checkInFile(String what, long start, long length) {
    long size = file.file().size();
    if (start < 0 || length < 0 || start > size || length > size - start) {
      throw FooterCheck.bad(
          file,
          "its footer says that "
              + what
              + " is "
              + length
              + " bytes from "
              + start
              + " on, of a file of "
              + size
              + " bytes");
    }
    return length;
  }

  /** The pages of a chunk, as its index says, are in the chunk and one behind the other. */
  static void check(PrimedFile file, ColumnChunkMetaData chunk, OffsetIndex pages) {
    long from = chunk.getStartingPos();
    long end = from + chunk.getTotalSize();
    for (int i = 0; i < pages.getPageCount(); i++) {
      long start = pages.getOffset(i);
      int length = pages.getCompressedPageSize(i);
      if (start < from || length < 0 || start > end || length > end - start) {
        throw FooterCheck.bad(
            file,
            "the index of column "
                + chunk.getPath().toDotString()
                + " says that a page is "
                + length
                + " bytes from "
                + start
                + " on, of a chunk that ends at "
                + end);
      }
      from = start + length;
    }
  }

  @Override
  public void see(long position, byte[] bytes, int offset, int length) {
    try {
      walk(position, bytes, offset, length);
    } catch (ThriftWalk.Claim e) {
      String what =
          current.chunk() == null
              ? "an index of its pages is broken: "
              : "column " + current.chunk().column() + ": ";
      current = null;
      throw FooterCheck.bad(file, what + e.getMessage());
    }
  }

  private void walk(long position, byte[] bytes, int offset, int length) {
    long at = position;
    long end = position + length;
    while (at < end) {
      if (current == null || at != next || at >= current.end()) {
        enter(at);
      }
      if (current == null) {
        return;
      }
      int n = (int) (Math.min(end, current.end()) - at);
      feed(bytes, offset + (int) (at - position), n);
      at += n;
      next = at;
    }
  }

  /** Reading begins, or goes on, in the part that has this position, if any has. */
  private void enter(long position) {
    Map.Entry<Long, Part> found = parts.floorEntry(position);
    current = found == null || position >= found.getValue().end() ? null : found.getValue();
    pages = null;
    index = null;
    if (current == null) {
      return;
    }
    if (current.chunk() != null) {
      pages = new PageWalk(current.chunk(), position, limits);
    } else {
      index =
          new ThriftWalk(
              current.end() - position, limits.parsed(), (depth, outer, field, value) -> {});
    }
  }

  private void feed(byte[] bytes, int offset, int length) {
    if (pages == null) {
      index.feed(bytes, offset, length);
      return;
    }
    long page = pages.feed(bytes, offset, length);
    if (current.rowGroup() != rowGroup) {
      rowGroup = current.rowGroup();
      largest.clear();
      inMemory = 0;
    }
    long before = largest.getOrDefault(current.start(), 0L);
    if (page > before) {
      largest.put(current.start(), page);
      inMemory += page - before;
      if (inMemory > limits.pages()) {
        throw new ThriftWalk.Claim(
            "the pages of a row group claim more than the limit of "
                + limits.pages()
                + " bytes for this heap, of one page a column");
      }
    }
  }
}
