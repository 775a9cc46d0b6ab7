/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.internal.hadoop.metadata.IndexReference;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.sources.EqualTo;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.GreaterThanOrEqual;
import org.apache.spark.sql.sources.In;
import org.apache.spark.sql.sources.LessThan;
import org.apache.spark.sql.sources.Or;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exactly which bytes of a file are asked for when filters leave only some of its pages. */
class FilteredRequestsTest {
  private static final long TAIL = 64 << 10;
  private static final long GAP = 32 << 10;

  @TempDir static Path directory;
  static Path coarse;
  static Path fine;

  private ServedParquet file;
  private Dataset<Row> all;

  /** Pages of 1000 rows; of 10 rows, so that indexes are longer than a tail. */
  @BeforeAll
  static void write() throws Exception {
    coarse = write("coarse", "1000", 40_000);
    fine = write("fine", "10", 40_000);
  }

  private static Path write(String name, String pageRows, int rows) throws Exception {
    Dataset<Row> data =
        TestSpark.session()
            .range(rows)
            .selectExpr("id", "id % 100 AS k", "sha2(string(id), 512) AS pad", "id AS n");
    return ServedParquet.write(
        data.sortWithinPartitions("id"),
        directory.resolve(name),
        Map.of(
            "parquet.block.size", "1500000",
            "parquet.page.row.count.limit", pageRows,
            "parquet.page.size.row.check.min", "10"));
  }

  private void open(Path path) throws Exception {
    file = new ServedParquet(path);
    all = TestSpark.session().read().parquet(path.toString());
  }

  @BeforeEach
  void openCoarse() throws Exception {
    open(coarse);
  }

  @AfterEach
  void close() {
    file.close();
  }

  private long read(boolean columnar, Filter... filters) throws Exception {
    return file.read(all.schema(), List.of(filters), columnar, 1).count();
  }

  private static Filter[] between(long from, long to) {
    return new Filter[] {new GreaterThanOrEqual("id", from), new LessThan("id", to)};
  }

  private static String asked(long start, long end) {
    return "bytes=" + start + "-" + (end - 1);
  }

  private String tail() {
    return asked(file.size() - TAIL, file.size());
  }

  /** The bytes of all pages with rows of these ids, dictionaries too, each chunk by itself. */
  private List<long[]> pages(long from, long to) throws Exception {
    List<long[]> pages = new ArrayList<>();
    try (ParquetFileReader reader = reader()) {
      long first = 0;
      for (BlockMetaData rowGroup : reader.getRowGroups()) {
        for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
          OffsetIndex index = reader.readOffsetIndex(chunk);
          boolean any = false;
          for (int i = 0; i < index.getPageCount(); i++) {
            long begin = first + index.getFirstRowIndex(i);
            long end = first + index.getLastRowIndex(i, rowGroup.getRowCount());
            if (begin < to && end >= from) {
              if (!any && index.getOffset(0) > chunk.getStartingPos()) {
                pages.add(new long[] {chunk.getStartingPos(), index.getOffset(0)});
              }
              any = true;
              long at = index.getOffset(i);
              pages.add(new long[] {at, at + index.getCompressedPageSize(i)});
            }
          }
        }
        first += rowGroup.getRowCount();
      }
    }
    return pages;
  }

  private ParquetFileReader reader() throws Exception {
    return ParquetFileReader.open(
        HadoopInputFile.fromPath(
            new org.apache.hadoop.fs.Path(file.file().toUri()), new Configuration()));
  }

  private static List<String> merged(List<long[]> ranges) {
    List<String> merged = new ArrayList<>();
    long[] last = null;
    for (long[] range : ranges) {
      if (last != null && range[0] - last[1] <= GAP) {
        last[1] = range[1];
      } else {
        if (last != null) {
          merged.add(asked(last[0], last[1]));
        }
        last = range.clone();
      }
    }
    if (last != null) {
      merged.add(asked(last[0], last[1]));
    }
    return merged;
  }

  private static long bytes(List<long[]> ranges) {
    return ranges.stream().mapToLong(r -> r[1] - r[0]).sum();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onlyThePagesLeftAreFetched(boolean columnar) throws Exception {
    assertThat(read(columnar, between(3_100, 3_200))).isEqualTo(1_000);
    List<long[]> pages = pages(3_100, 3_200);
    List<String> expected = new ArrayList<>(List.of(tail()));
    expected.addAll(merged(pages));
    assertThat(file.ranges()).isEqualTo(expected).hasSizeBetween(2, 4);
    assertThat(file.stats().bytesFetched()).isLessThan(TAIL + 200_000).isLessThan(file.size() / 8);
    assertThat(file.stats().rowGroupsSkipped()).isEqualTo(rowGroups() - 1);
    assertThat(file.stats().bytesNeeded()).isGreaterThan(bytes(pages));
    assertThat(file.stats().bytesWasted())
        .isEqualTo(file.stats().bytesFetched() - file.stats().bytesNeeded())
        .isBetween(1L, TAIL + 3 * GAP);
    assertThat(file.stats().waitedMillis()).isPositive();
    assertThat(file.store().requests().stream().map(StubRequest::remotePort).distinct())
        .as("connections")
        .hasSize(1);
  }

  private int rowGroups() throws Exception {
    try (ParquetFileReader reader = reader()) {
      return reader.getRowGroups().size();
    }
  }

  @Test
  void withoutFiltersAllIsFetchedOnce() throws Exception {
    assertThat(read(true)).isEqualTo(40_000);
    assertThat(rowGroups()).isGreaterThan(2);
    assertThat(file.stats().bytesFetched()).isEqualTo(file.size() - 4);
    assertThat(file.stats().requests()).isEqualTo(2);
    assertThat(file.stats().rowGroupsSkipped()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noRowGroupLeftIsNoRequestForData(boolean columnar) throws Exception {
    assertThat(read(columnar, new EqualTo("id", -1L))).isZero();
    assertThat(file.ranges()).containsExactly(tail());
    assertThat(file.stats().rowGroupsSkipped()).isEqualTo(rowGroups());
    assertThat(file.stats().bytesNeeded()).isLessThan(TAIL);
  }

  /** Statistics let a row group pass; no page of it holds both. */
  @Test
  void noPageLeftIsNoRequestForData() throws Exception {
    Filter[] none = {new EqualTo("id", 5_000L), new EqualTo("n", 7_000L)};
    assertThat(read(true, none)).isZero();
    assertThat(file.ranges()).containsExactly(tail());
    assertThat(file.stats().rowGroupsSkipped()).isEqualTo(rowGroups());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void indexesOutsideOfTheTailAreOneRequest(boolean columnar) throws Exception {
    file.close();
    open(fine);
    assertThat(read(columnar, between(3_100, 3_105))).isEqualTo(10);
    List<String> data = merged(pages(3_100, 3_105));
    List<String> expected = new ArrayList<>(List.of(tail(), indexes(3_100)));
    expected.addAll(data);
    assertThat(file.ranges()).isEqualTo(expected);
  }

  /** The indexes of the row group with this row, from the first to the last. */
  private String indexes(long row) throws Exception {
    try (ParquetFileReader reader = reader()) {
      for (BlockMetaData rowGroup : reader.getRowGroups()) {
        long first = rowGroup.getRowIndexOffset();
        if (row >= first && row < first + rowGroup.getRowCount()) {
          List<ColumnChunkMetaData> chunks = rowGroup.getColumns();
          IndexReference last = chunks.get(chunks.size() - 1).getOffsetIndexReference();
          return asked(
              chunks.get(0).getColumnIndexReference().getOffset(),
              last.getOffset() + last.getLength());
        }
      }
    }
    throw new AssertionError("no row group has row " + row);
  }

  /** The first half has even values, the other odd ones, as statistics do not tell. */
  private void openParted() throws Exception {
    file.close();
    Dataset<Row> data =
        TestSpark.session()
            .range(40_000)
            .selectExpr(
                "id",
                "id DIV 20000 + 2 * (id % 50) AS c",
                "concat('v', id DIV 20000 + 2 * (id % 50)) AS s",
                "CAST(id DIV 20000 + 2 * (id % 50) AS DOUBLE) AS d",
                "sha2(string(id), 512) AS pad");
    open(
        ServedParquet.write(
            data.sortWithinPartitions("id"),
            directory.resolve("parted-" + System.nanoTime()),
            Map.of("parquet.block.size", "1200000", "parquet.page.size.row.check.min", "10")));
    assertThat(rowGroups()).isBetween(4, 8);
  }

  /** Row groups with values of one half only. */
  private long ofHalf(int half) throws Exception {
    try (ParquetFileReader reader = reader()) {
      return reader.getRowGroups().stream()
          .filter(
              rowGroup ->
                  half == 0
                      ? rowGroup.getRowIndexOffset() + rowGroup.getRowCount() <= 20_000
                      : rowGroup.getRowIndexOffset() >= 20_000)
          .count();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dictionariesRuleRowGroupsOut(boolean columnar) throws Exception {
    openParted();
    assertThat(read(columnar, new EqualTo("c", 5L))).isBetween(20_000L, 39_999L);
    assertThat(file.stats().rowGroupsSkipped()).isEqualTo(ofHalf(0)).isPositive();
    // The tail, a dictionary of each row group, the data of the rest, which stand together.
    assertThat(file.ranges()).hasSize(1 + rowGroups() + 1);
    assertThat(file.stats().bytesFetched()).isLessThan(file.size() * 8 / 10);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dictionariesOfAllColumnsAskedForRuleOut(boolean columnar) throws Exception {
    openParted();
    Filter[] either = {new Or(new In("s", new Object[] {"v3", "v97"}), new EqualTo("c", 5L))};
    assertThat(read(columnar, either)).isBetween(20_000L, 39_999L);
    assertThat(file.stats().rowGroupsSkipped()).isEqualTo(ofHalf(0));
    file.store().forget();
    Filter[] any = {new Or(new EqualTo("s", "v3"), new EqualTo("c", 4L))};
    assertThat(read(columnar, any)).isEqualTo(40_000);
    assertThat(file.stats().rowGroupsSkipped()).isZero();
  }

  /** Zero is stored in two ways, which a dictionary tells apart. */
  @Test
  void dictionariesAreNotAskedAboutFloatingPointNumbers() throws Exception {
    openParted();
    assertThat(read(true, new EqualTo("d", 5.0))).isEqualTo(40_000);
    assertThat(file.stats().rowGroupsSkipped()).isZero();
    assertThat(file.stats().requests()).isEqualTo(2);
  }

  @Test
  void dictionariesAreNotAskedAboutRanges() throws Exception {
    openParted();
    assertThat(read(true, new LessThan("c", 50L))).isEqualTo(40_000);
    assertThat(file.stats().requests()).isEqualTo(2);
  }

  @Test
  void theSessionMaySwitchDictionariesOff() throws Exception {
    openParted();
    Configuration hadoop = new Configuration();
    hadoop.setBoolean("parquet.filter.dictionary.enabled", false);
    assertThat(file.read(all.schema(), List.of(new EqualTo("c", 5L)), true, 1, hadoop).count())
        .isEqualTo(40_000);
    assertThat(file.stats().requests()).isEqualTo(2);
  }

  @Test
  void theSessionMaySwitchColumnIndexesOff() throws Exception {
    Configuration hadoop = new Configuration();
    hadoop.setBoolean("parquet.filter.columnindex.enabled", false);
    long rows = file.read(all.schema(), List.of(between(3_100, 3_200)), true, 1, hadoop).count();
    assertThat(rows).isGreaterThan(5_000).isLessThan(40_000);
    assertThat(file.stats().rowGroupsSkipped()).isEqualTo(rowGroups() - 1);
    assertThat(file.ranges()).hasSize(2);
  }

  @Test
  void theSessionMaySwitchStatisticsOff() throws Exception {
    Configuration hadoop = new Configuration();
    hadoop.setBoolean("parquet.filter.stats.enabled", false);
    hadoop.setBoolean("parquet.filter.columnindex.enabled", false);
    assertThat(file.read(all.schema(), List.of(between(0, 1)), true, 1, hadoop).count())
        .isEqualTo(40_000);
  }

  @Test
  void theSessionMaySwitchPushdownOff() throws Exception {
    TestSpark.session().conf().set("spark.sql.parquet.filterPushdown", false);
    try {
      assertThat(read(true, between(3_100, 3_200))).isEqualTo(40_000);
    } finally {
      TestSpark.session().conf().unset("spark.sql.parquet.filterPushdown");
    }
  }

  @Test
  void filtersOfSeveralSplitsAreEachSplitsOwn() throws Exception {
    assertThat(file.read(all.schema(), List.of(between(3_100, 3_200)), true, 4).count())
        .isEqualTo(1_000);
    // Each split asks for the tail.
    assertThat(file.ranges()).hasSize(4 + merged(pages(3_100, 3_200)).size());
  }
}
