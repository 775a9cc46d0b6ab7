/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.storage.PrimedFile.Range;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.internal.filter2.columnindex.ColumnIndexStore;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;
import org.apache.parquet.internal.hadoop.metadata.IndexReference;
import org.apache.parquet.schema.MessageType;

/**
 * Collects the bytes of some columns of a file, row group by row group: whole column chunks, single
 * pages of them, or their indexes. It may name too much, never too little that matters: a byte that
 * it left out is fetched when it is read.
 */
final class ColumnRanges {
  private final Set<ColumnPath> columns;
  private final List<Range> ranges = new ArrayList<>();

  ColumnRanges(MessageType columns) {
    this.columns =
        columns.getColumns().stream()
            .map(column -> ColumnPath.get(column.getPath()))
            .collect(Collectors.toSet());
  }

  Set<ColumnPath> columns() {
    return columns;
  }

  /** The columns' chunks in a row group. */
  void addChunks(BlockMetaData rowGroup) {
    for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
      if (columns.contains(chunk.getPath())) {
        add(chunk.getStartingPos(), chunk.getTotalSize());
      }
    }
  }

  /** The pages with some rows of a row group, and what they need to be decoded. */
  void addPages(BlockMetaData rowGroup, RowRanges rows, ColumnIndexStore indexes) {
    for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
      if (columns.contains(chunk.getPath())) {
        OffsetIndex pages = indexes.getOffsetIndex(chunk.getPath());
        // The dictionary lies before the first page.
        add(chunk.getStartingPos(), pages.getOffset(0) - chunk.getStartingPos());
        for (int i = 0; i < pages.getPageCount(); i++) {
          long last = pages.getLastRowIndex(i, rowGroup.getRowCount());
          if (rows.isOverlapping(pages.getFirstRowIndex(i), last)) {
            add(pages.getOffset(i), pages.getCompressedPageSize(i));
          }
        }
      }
    }
  }

  /** The indexes of the columns' pages in a row group. */
  void addIndexes(BlockMetaData rowGroup) {
    for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
      if (columns.contains(chunk.getPath())) {
        add(chunk.getColumnIndexReference());
        add(chunk.getOffsetIndexReference());
      }
    }
  }

  private void add(IndexReference index) {
    if (index != null) {
      add(index.getOffset(), index.getLength());
    }
  }

  private void add(long start, long length) {
    if (length > 0) {
      ranges.add(new Range(start, start + length));
    }
  }

  /** How many bytes were collected. */
  long bytes() {
    return ranges.stream().mapToLong(range -> range.end() - range.start()).sum();
  }

  /** What was collected, ascending and disjoint, gaps of up to {@code gap} bytes closed. */
  List<Range> merged(long gap) {
    ranges.sort(Comparator.comparingLong(Range::start));
    List<Range> merged = new ArrayList<>();
    for (Range range : ranges) {
      Range last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && range.start() - last.end() <= gap) {
        merged.set(merged.size() - 1, new Range(last.start(), Math.max(last.end(), range.end())));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }
}
