/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.PrimedFile.Range;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.EncodingStats;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;

/**
 * Whether and where dictionaries show that a row group has no row that a filter lets through: where
 * it compares with single values of columns whose pages all use one. Static.
 */
final class Dictionaries {
  /** Dictionaries are read twice where they rule nothing out: they have to be few bytes. */
  private static final int MOST_OF_DATA = 16;

  /** Each is a request. */
  private static final int MOST_RANGES = 16;

  private static final Set<Encoding> OF_DICTIONARY_PAGES =
      EnumSet.of(
          Encoding.PLAIN_DICTIONARY, Encoding.RLE_DICTIONARY, Encoding.RLE, Encoding.BIT_PACKED);

  private Dictionaries() {}

  /**
   * Requests those that a filter is to be checked with.
   *
   * @param columns those to be read
   * @param rowGroups those not ruled out so far
   * @return whether to check it with them; if not, nothing was requested
   */
  static boolean keep(
      PrimedFile file,
      MessageType columns,
      FilterPredicate filter,
      Collection<BlockMetaData> rowGroups) {
    PredicateColumns filtered = PredicateColumns.of(filter);
    if (filtered.ofValues().isEmpty() || filtered.hasFloatingPoint()) {
      return false;
    }
    List<Range> dictionaries = new ArrayList<>();
    ColumnRanges data = new ColumnRanges(columns);
    for (BlockMetaData rowGroup : rowGroups) {
      data.addChunks(rowGroup);
      boolean found = false;
      for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
        if (filtered.all().contains(chunk.getPath()) && isComplete(chunk)) {
          found |= filtered.ofValues().contains(chunk.getPath());
          dictionaries.add(new Range(chunk.getStartingPos(), chunk.getFirstDataPageOffset()));
        }
      }
      if (!found) {
        return false;
      }
    }
    long bytes = dictionaries.stream().mapToLong(range -> range.end() - range.start()).sum();
    boolean worth =
        file.isWhole()
            || dictionaries.size() <= MOST_RANGES && bytes <= data.bytes() / MOST_OF_DATA;
    if (worth) {
      dictionaries.forEach(file::keep);
    }
    return worth && !dictionaries.isEmpty();
  }

  /** Whether the chunk has a dictionary, and no value that is not in it. */
  private static boolean isComplete(ColumnChunkMetaData chunk) {
    if (!chunk.hasDictionaryPage() || chunk.getFirstDataPageOffset() <= chunk.getStartingPos()) {
      return false;
    }
    EncodingStats pages = chunk.getEncodingStats();
    return pages != null
        ? !pages.hasNonDictionaryEncodedPages()
        : chunk.getEncodings().contains(Encoding.PLAIN_DICTIONARY)
            && OF_DICTIONARY_PAGES.containsAll(chunk.getEncodings());
  }
}
