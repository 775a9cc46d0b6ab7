/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import static io.github.deltasharing.parquet.CraftedParquet.ROWS;
import static io.github.deltasharing.parquet.CraftedParquet.dataHeader;
import static io.github.deltasharing.parquet.CraftedParquet.dictionaryHeader;
import static io.github.deltasharing.parquet.CraftedParquet.v2Header;
import static io.github.deltasharing.parquet.CraftedParquet.values;
import static io.github.deltasharing.parquet.CraftedParquet.withFooter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.deltasharing.error.SharingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.format.BoundaryOrder;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.GreaterThan;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that claim sizes which their bytes do not have: an error each, before any is allocated. */
class HostileParquetTest {
  private static final StructType SCHEMA = new StructType().add("v", DataTypes.IntegerType, false);
  private static final int HUGE = Integer.MAX_VALUE;
  private static final List<Filter> NONE = List.of();

  /** True of some rows only, so that indexes are read. */
  private static final List<Filter> SOME = List.of(new GreaterThan("v", 60));

  @TempDir Path directory;

  private long rows(byte[] file, List<Filter> filters, boolean columnar)
      throws IOException, InterruptedException {
    Path path = Files.write(directory.resolve("f.parquet"), file);
    try (ServedParquet served = new ServedParquet(path)) {
      return served.read(SCHEMA, filters, columnar, 1).count();
    }
  }

  private static byte[] raw(int... footer) {
    byte[] bytes = new byte[footer.length];
    for (int i = 0; i < footer.length; i++) {
      bytes[i] = (byte) footer[i];
    }
    return withFooter("PAR1".getBytes(StandardCharsets.US_ASCII), bytes, bytes.length);
  }

  private static byte[] repeated(int times, int... unit) {
    int[] all = new int[times * unit.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = unit[i % unit.length];
    }
    return raw(all);
  }

  static Stream<Arguments> footers() {
    int[] most = {0xff, 0xff, 0xff, 0xff, 0x07};
    return Stream.of(
        arguments(
            "list",
            raw(0x29, 0xfc, most[0], most[1], most[2], most[3], most[4], 0, 0, 0, 0, 0, 0),
            "a list in it claims a length of 2147483647"),
        arguments(
            "list whose length has its sign bit set",
            raw(0x29, 0xf5, 0xff, 0xff, 0xff, 0xff, 0x0f),
            "a list in it claims a length of"),
        arguments("set", raw(0x1a, 0xf5, 0xff, 0xff, 0xff, 0xff, 0x07), "a list in it claims"),
        arguments("map", raw(0x1b, 0xff, 0xff, 0xff, 0xff, 0x07), "a map in it claims"),
        arguments("text", raw(0x18, 0xff, 0xff, 0xff, 0xff, 0x07), "a text in it claims"),
        arguments(
            "list of a type without bytes", raw(0x19, 0x20, 0, 0, 0), "of the unknown type 0"),
        arguments("nested structs", repeated(100_000, 0x1c), "it is nested deeper than"),
        arguments("nested lists", repeated(100_000, 0x19), "it is nested deeper than"),
        arguments(
            "number without an end",
            repeated(1, 0x15, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0),
            "a number of more than 5 bytes"),
        arguments("end that does not come", raw(0x15, 2), "it does not end within its 2 bytes"),
        arguments("no byte", raw(), ""),
        arguments(
            "length",
            withFooter(new byte[40], new byte[0], HUGE),
            "its footer claims 2147483647 bytes, of a file of 48 bytes"),
        arguments(
            "length with its sign bit set",
            withFooter(new byte[40], new byte[0], -5),
            "its footer claims 4294967291 bytes"),
        arguments("other end", new byte[100], "the 100 bytes that the server promised"),
        arguments("very short", new byte[5], "the 5 bytes that the server promised"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("footers")
  void aFooterThatClaimsWhatIsNotThere(String name, byte[] file, String expected) {
    assertRefused(file, NONE, expected);
  }

  private void assertRefused(byte[] file, List<Filter> filters, String expected) {
    for (boolean columnar : new boolean[] {true, false}) {
      Throwable e = catchThrowable(() -> rows(file, filters, columnar));
      for (Throwable t = e; t != null && !expected.isEmpty(); t = t.getCause()) {
        if (t instanceof SharingException) {
          e = t;
        }
      }
      if (expected.isEmpty()) {
        assertThat(e).isInstanceOf(Exception.class);
      } else {
        assertThat(e)
            .isInstanceOf(SharingException.class)
            .hasMessageContaining("Reading s.s.t failed: file id on 127.0.0.1")
            .hasMessageContaining(expected)
            .hasMessageEndingWith("Tell the provider.")
            .hasMessageNotContaining("sig=");
      }
    }
  }

  private static CraftedParquet crafted() {
    return new CraftedParquet();
  }

  private static byte[] varint(long n) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long left = n;
    while (left >= 0x80) {
      out.write((int) (left & 0x7f | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
    return out.toByteArray();
  }

  private static byte[] snappyPage(long claimed) {
    byte[] body = Arrays.copyOf(varint(claimed), 200);
    return crafted()
        .page(dataHeader(400, body.length, ROWS), body)
        .column(c -> c.setCodec(CompressionCodec.SNAPPY))
        .bytes();
  }

  static Stream<Arguments> pages() {
    byte[] v = values();
    PageHeader unknown = new PageHeader(PageType.INDEX_PAGE, 0, HUGE);
    return Stream.of(
        arguments(
            "uncompressed size",
            crafted()
                .page(dataHeader(HUGE, v.length, ROWS), v)
                .column(c -> c.setCodec(CompressionCodec.GZIP))
                .bytes(),
            "column v: a page claims 2147483647 bytes when decompressed, of a column chunk of"),
        arguments(
            "uncompressed size that the footer claims too",
            crafted()
                .page(dataHeader(HUGE, v.length, ROWS), v)
                .column(c -> c.setCodec(CompressionCodec.ZSTD).setTotal_uncompressed_size(1L << 40))
                .bytes(),
            "when decompressed, over the limit of"),
        arguments(
            "negative size",
            crafted().page(dataHeader(-1, v.length, ROWS), v).bytes(),
            "a page claims -1 bytes when decompressed"),
        arguments(
            "compressed size",
            crafted().page(dataHeader(v.length, HUGE, ROWS), v).bytes(),
            "a page claims 2147483647 bytes where 400 are left"),
        arguments(
            "size of a page that is passed over",
            crafted().page(unknown, v).goodPage().bytes(),
            "a page claims 2147483647 bytes where"),
        arguments(
            "values",
            crafted().page(dataHeader(400, 400, HUGE), v).bytes(),
            "claims 2147483647 values where the column chunk has 100 left"),
        arguments(
            "negative levels",
            crafted().page(v2Header(v.length, v.length, -HUGE, 0), v).bytes(),
            "the levels of a page claim more bytes"),
        arguments(
            "levels",
            crafted().page(v2Header(v.length, v.length, HUGE, HUGE), v).bytes(),
            "the levels of a page claim more bytes"),
        arguments(
            "entries of a dictionary",
            crafted().page(dictionaryHeader(8, 8, HUGE), new byte[8]).goodPage().bytes(),
            "a dictionary of 8 bytes claims 2147483647 entries"),
        arguments(
            "size of a dictionary",
            crafted().page(dictionaryHeader(8, HUGE, 2), new byte[8]).goodPage().bytes(),
            "a page claims 2147483647 bytes where"),
        arguments(
            "Snappy's own size", snappyPage(0xffffffffL), "compressed data claims 4294967295"),
        arguments("Snappy's own size, smaller", snappyPage(HUGE), "compressed data claims"),
        arguments(
            "text in a header",
            crafted()
                .write(new byte[] {0x15, 0, 0x15, 20, 0x15, 20, 0x2c, 0x18, -1, -1, -1, -1, 7})
                .goodPage()
                .bytes(),
            "column v: a text in it claims a length of 2147483647"),
        arguments(
            "chunk behind the file's end",
            crafted().goodPage().column(c -> c.setTotal_compressed_size(900)).bytes(),
            "its footer says that column v is 900 bytes from 4 on, of a file of"),
        arguments(
            "chunk before the file's start",
            crafted().goodPage().column(c -> c.setData_page_offset(-100)).bytes(),
            "its footer says that column v is"),
        arguments(
            "index behind the file's end",
            crafted()
                .goodPage()
                .chunk(c -> c.setOffset_index_offset(8).setOffset_index_length(HUGE))
                .bytes(),
            "its footer says that an index of column v is 2147483647 bytes from 8 on"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pages")
  void aPageThatClaimsWhatIsNotThere(String name, byte[] file, String expected) {
    assertRefused(file, NONE, expected);
  }

  /** With indexes of two pages, of which the filter leaves the second. */
  private static byte[] indexed(byte[] columnIndex, byte[] offsetIndex) {
    CraftedParquet file = twoPages().end();
    int column = file.position();
    file.write(columnIndex);
    int offset = file.position();
    file.write(offsetIndex);
    return file.chunk(
            c ->
                c.setColumn_index_offset(column)
                    .setColumn_index_length(columnIndex.length)
                    .setOffset_index_offset(offset)
                    .setOffset_index_length(offsetIndex.length))
        .bytes();
  }

  private static CraftedParquet twoPages() {
    byte[] v = values();
    return crafted()
        .page(dataHeader(200, 200, ROWS / 2), Arrays.copyOf(v, 200))
        .page(dataHeader(200, 200, ROWS / 2), Arrays.copyOfRange(v, 200, 400));
  }

  private static byte[] columnIndex() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<java.nio.ByteBuffer> least = List.of(littleEndian(0), littleEndian(50));
    List<java.nio.ByteBuffer> most = List.of(littleEndian(49), littleEndian(99));
    ColumnIndex index =
        new ColumnIndex(List.of(false, false), least, most, BoundaryOrder.ASCENDING);
    index.setNull_counts(List.of(0L, 0L));
    Util.writeColumnIndex(index, out);
    return out.toByteArray();
  }

  private static java.nio.ByteBuffer littleEndian(int n) {
    return java.nio.ByteBuffer.wrap(new byte[] {(byte) n, 0, 0, 0});
  }

  private static byte[] offsetIndex(long second, int length) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int page = (twoPages().position() - 4) / 2;
    List<PageLocation> pages = new ArrayList<>();
    pages.add(new PageLocation(4, page, 0));
    pages.add(new PageLocation(second < 0 ? 4 + page : second, length < 0 ? page : length, 50));
    Util.writeOffsetIndex(new OffsetIndex(pages), out);
    return out.toByteArray();
  }

  @Test
  void anIndexThatClaimsWhatIsNotThere() throws IOException {
    byte[] list = {0x19, -11, -1, -1, -1, -1, 7, 0};
    String expected = "an index of its pages is broken: a list in it claims a length of 2147483647";
    assertRefused(indexed(columnIndex(), list), SOME, expected);
    assertRefused(indexed(list, offsetIndex(-1, -1)), SOME, expected);
    assertRefused(
        indexed(columnIndex(), offsetIndex(-1, HUGE)),
        SOME,
        "says that a page is 2147483647 bytes");
    assertRefused(
        indexed(columnIndex(), offsetIndex(1L << 50, 10)), SOME, "says that a page is 10 bytes");
  }

  @Test
  void aRowGroupsChunksCannotBeLongerThanTheFile() {
    byte[] file =
        crafted()
            .goodPage()
            .footer(
                meta -> {
                  var group = meta.getRow_groups().get(0);
                  group.setTotal_compressed_size(1);
                  for (int i = 0; i < 5; i++) {
                    group.addToColumns(group.getColumns().get(0).deepCopy());
                  }
                })
            .bytes();
    assertRefused(file, NONE, "the column chunks of a row group are longer than the file");
  }

  @Test
  void whatClaimsWhatItHasIsRead() throws IOException, InterruptedException {
    for (boolean columnar : new boolean[] {true, false}) {
      assertThat(rows(crafted().goodPage().bytes(), NONE, columnar)).isEqualTo(ROWS);
      byte[] behind = crafted().goodPage().write(new byte[] {-1, -1, -1, -1}).bytes();
      assertThat(rows(behind, NONE, columnar)).as("bytes behind the last page").isEqualTo(ROWS);
      byte[] v = values();
      byte[] two = crafted().page(v2Header(v.length, v.length, 0, 0), v).bytes();
      assertThat(rows(two, NONE, columnar)).isEqualTo(ROWS);
      byte[] indexed = indexed(columnIndex(), offsetIndex(-1, -1));
      assertThat(rows(indexed, SOME, columnar)).as("one page of two").isEqualTo(ROWS / 2);
    }
  }
}
