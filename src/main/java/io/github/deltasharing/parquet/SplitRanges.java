/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.PrimedFile.Range;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.compat.RowGroupFilter;
import org.apache.parquet.filter2.compat.RowGroupFilter.FilterLevel;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetInputFormat;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.internal.filter2.columnindex.ColumnIndexFilter;
import org.apache.parquet.internal.filter2.columnindex.ColumnIndexStore;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;
import org.apache.parquet.schema.MessageType;

/**
 * Tells a file which of its bytes a split will need, which is what Parquet's reader, given the same
 * filter and settings, will read: the columns' chunks of the row groups that statistics do not rule
 * out, and of those only the pages that column indexes do not rule out. Immutable.
 */
final class SplitRanges {
  /** Two ranges with a smaller gap between them are cheaper as one request. */
  private static final long MERGE_GAP_BYTES = 32 << 10;

  /** Indexes lie together, but for those of columns that are not read: one request for all. */
  private static final long INDEX_GAP_BYTES = 1 << 20;

  /**
   * What is read of a split.
   *
   * @param bytes of column chunks and pages
   * @param read how many row groups
   * @param skipped how many are not read
   */
  record Chosen(long bytes, int read, int skipped) {}

  private final boolean statistics;
  private final boolean dictionaries;
  private final boolean columnIndexes;

  SplitRanges(Configuration hadoop) {
    this.dictionaries = hadoop.getBoolean(ParquetInputFormat.DICTIONARY_FILTERING_ENABLED, true);
    this.statistics = hadoop.getBoolean(ParquetInputFormat.STATS_FILTERING_ENABLED, true);
    this.columnIndexes = hadoop.getBoolean(ParquetInputFormat.COLUMN_INDEX_FILTERING_ENABLED, true);
  }

  /**
   * The row groups that statistics do not rule out.
   *
   * @param split knows the split's row groups and no filter
   * @param filter pushed filters, or null
   */
  Set<BlockMetaData> possible(ParquetFileReader split, FilterPredicate filter) {
    Set<BlockMetaData> possible = Collections.newSetFromMap(new IdentityHashMap<>());
    possible.addAll(
        filter != null && statistics
            ? RowGroupFilter.filterRowGroups(
                List.of(FilterLevel.STATISTICS),
                FilterCompat.get(filter),
                split.getRowGroups(),
                split)
            : split.getRowGroups());
    return possible;
  }

  /**
   * Asks for the dictionaries that may rule row groups out; whether there are any that are worth
   * it. Parquet's reader is to do as this says.
   */
  boolean keepDictionaries(
      PrimedFile file, MessageType columns, FilterPredicate filter, Set<BlockMetaData> possible) {
    return dictionaries && filter != null && Dictionaries.keep(file, columns, filter, possible);
  }

  /** The row groups that their dictionaries do not rule out either. */
  Set<BlockMetaData> possibleByDictionary(
      ParquetFileReader split, FilterPredicate filter, Set<BlockMetaData> possible) {
    Set<BlockMetaData> left = Collections.newSetFromMap(new IdentityHashMap<>());
    left.addAll(
        RowGroupFilter.filterRowGroups(
            List.of(FilterLevel.DICTIONARY),
            FilterCompat.get(filter),
            List.copyOf(possible),
            split));
    return left;
  }

  /**
   * Asks for what {@link #plan} will read to choose pages: nothing without a filter.
   *
   * @return how many bytes that are
   */
  long keepIndexes(
      PrimedFile file, MessageType columns, FilterPredicate filter, Set<BlockMetaData> possible) {
    if (filter == null || !columnIndexes) {
      return 0;
    }
    ColumnRanges indexes = new ColumnRanges(columns);
    possible.forEach(indexes::addIndexes);
    for (Range range : indexes.merged(INDEX_GAP_BYTES)) {
      file.keep(range);
    }
    return indexes.bytes();
  }

  /**
   * Asks for what will be read.
   *
   * @param columns those to be read
   * @param possible the row groups to be read from
   */
  Chosen plan(
      PrimedFile file,
      ParquetFileReader split,
      MessageType columns,
      FilterPredicate filter,
      Set<BlockMetaData> possible) {
    List<BlockMetaData> rowGroups = split.getRowGroups();
    ColumnRanges needed = new ColumnRanges(columns);
    int read = 0;
    if (filter == null || !columnIndexes) {
      possible.forEach(needed::addChunks);
      read = possible.size();
    } else {
      split.setRequestedSchema(columns);
      for (int i = 0; i < rowGroups.size(); i++) {
        if (possible.contains(rowGroups.get(i))
            && addPages(file, split, i, FilterCompat.get(filter), needed)) {
          read++;
        }
      }
    }
    file.plan(needed.merged(MERGE_GAP_BYTES));
    return new Chosen(needed.bytes(), read, rowGroups.size() - read);
  }

  /** Adds what is needed of a row group; false where that is nothing. */
  private static boolean addPages(
      PrimedFile file,
      ParquetFileReader split,
      int index,
      FilterCompat.Filter filter,
      ColumnRanges needed) {
    BlockMetaData rowGroup = split.getRowGroups().get(index);
    ColumnIndexStore indexes = split.getColumnIndexStore(index);
    RowRanges rows =
        ColumnIndexFilter.calculateRowRanges(
            filter, indexes, needed.columns(), rowGroup.getRowCount());
    if (rows.rowCount() == rowGroup.getRowCount()) {
      needed.addChunks(rowGroup);
    } else if (rows.rowCount() > 0) {
      for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
        if (needed.columns().contains(chunk.getPath())) {
          ChunkChecks.check(file, chunk, indexes.getOffsetIndex(chunk.getPath()));
        }
      }
      needed.addPages(rowGroup, rows, indexes);
    }
    return rows.rowCount() > 0;
  }
}
