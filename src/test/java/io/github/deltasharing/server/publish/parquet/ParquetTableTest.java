/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.server.publish.csv.CsvColumn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parquet files as their footers describe them, and files that are none. */
@Tag("unit")
class ParquetTableTest {
  private static final Runnable HERE = () -> {};

  @TempDir Path directory;
  private ParquetProperties.WriterVersion version = ParquetProperties.WriterVersion.PARQUET_1_0;

  /** Fills the fields of one row. */
  private interface Fill {
    void into(Group row, int number);
  }

  private Path write(String fields, int rows, CompressionCodecName codec, Fill fill)
      throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType("message m { " + fields + " }");
    Path file = directory.resolve("file.parquet");
    Files.deleteIfExists(file);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withConf(new Configuration(false))
            .withType(schema)
            .withCompressionCodec(codec)
            .withWriterVersion(version)
            .build()) {
      for (int i = 0; i < rows; i++) {
        Group row = new SimpleGroup(schema);
        fill.into(row, i);
        writer.write(row);
      }
    }
    return file;
  }

  private static ParquetTable open(Path file) throws IOException {
    return ParquetTable.open(file, "f.parquet", HERE);
  }

  private static List<String> read(Path file) throws IOException {
    ParquetTable table = open(file);
    List<ColumnType> types = table.columns().stream().map(CsvColumn::type).toList();
    List<String> rows = new ArrayList<>();
    try (ParquetRows read = table.rows(types)) {
      read.forEachRemaining(row -> rows.add(Arrays.deepToString(row)));
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionCodecName.class,
      names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
  void rowsOfAnyCodec(CompressionCodecName codec) throws IOException {
    for (ParquetProperties.WriterVersion each : ParquetProperties.WriterVersion.values()) {
      version = each;
      Path file =
          write(
              "required int32 id; optional binary name (STRING);",
              3,
              codec,
              (row, i) -> {
                row.add("id", i);
                if (i != 1) {
                  row.add("name", "n" + i);
                }
              });
      assertThat(ParquetTable.is(file)).isTrue();
      assertThat(read(file)).containsExactly("[0, n0]", "[1, null]", "[2, n2]");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          optional int32 c (INTEGER(32,false));         | INT32 (INTEGER(32,false))
          optional int64 c (INTEGER(64,false));         | INT64 (INTEGER(64,false))
          optional int32 c (TIME(MILLIS,true));         | INT32 (TIME(MILLIS,true))
          optional int64 c (TIMESTAMP(NANOS,true));     | INT64 (TIMESTAMP(NANOS,true))
          optional fixed_len_byte_array(16) c (UUID);   | FIXED_LEN_BYTE_ARRAY (UUID)
          optional binary c (BSON);                     | BINARY (BSON)
          optional group c (LIST) { optional int32 e; } | is a LIST without
          optional group c (MAP) { repeated group m { required int32 key; } } | is a MAP without
          optional group c (MAP) { repeated group m { required group key { optional int32 x; } optional int32 v; } } | keys are nested
          optional group c { optional int32 x; optional int32 X; } | two fields 'X'
          """)
  void typesThatTablesDoNotHaveAreRefusedByName(String fields, String why) throws IOException {
    Path file = write(fields, 0, CompressionCodecName.UNCOMPRESSED, (row, i) -> {});
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(ServerError.class)
        .hasMessageContaining("Column 'c' of 'f.parquet'")
        .hasMessageContaining(why);
  }

  @Test
  void valuesThatReadersTakeForOthersAreRefusedByTheirRow() throws IOException {
    Path days =
        write(
            "required int32 c (DATE);",
            3,
            CompressionCodecName.SNAPPY,
            (row, i) -> row.add("c", i == 2 ? -200_000 : i));
    assertThatThrownBy(() -> read(days)).hasMessageContaining("Row 3").hasMessageContaining("1582");
    Path text =
        write(
            "required binary c (STRING);",
            1,
            CompressionCodecName.SNAPPY,
            (row, i) -> row.add("c", Binary.fromConstantByteArray(new byte[] {(byte) 0xc3})));
    assertThatThrownBy(() -> read(text))
        .hasMessageContaining("Row 1")
        .hasMessageContaining("UTF-8");
    Path times =
        write(
            "required int64 c (TIMESTAMP(MILLIS,true));",
            1,
            CompressionCodecName.SNAPPY,
            (row, i) -> row.add("c", Long.MAX_VALUE));
    assertThatThrownBy(() -> read(times)).isInstanceOf(ServerError.class);
  }

  @Test
  void groupsInGroupsHaveALimit() throws IOException {
    for (int depth : new int[] {64, 65, 1_000}) {
      String fields =
          "optional group c { ".repeat(depth - 1) + "optional int32 x;" + " }".repeat(depth - 1);
      MessageType schema = MessageTypeParser.parseMessageType("message m { " + fields + " }");
      if (depth <= 64) {
        assertThat(ParquetTypes.of(schema, "f.parquet")).hasSize(1);
      } else {
        assertThatThrownBy(() -> ParquetTypes.of(schema, "f.parquet"))
            .as("%d", depth)
            .isInstanceOf(ServerError.class)
            .hasMessageContaining("Column 'c' of 'f.parquet' is nested in more than 63 groups");
      }
    }
  }

  /** Nulls and empty lists at each level; the rows are written and read by levels alone. */
  private Path nested(int rows) throws IOException {
    return write(
        """
        optional int32 id;
        optional group s { optional int32 a; optional group l (LIST) { repeated group list {
          optional group element { optional binary t (STRING); required int64 n; } } } }
        optional group m (MAP) { repeated group key_value { required binary key (STRING);
          optional group value (LIST) { repeated group list { optional int32 element; } } } }
        """,
        rows,
        CompressionCodecName.UNCOMPRESSED,
        (row, i) -> {
          row.add("id", i);
          if (i % 4 > 0) {
            Group s = row.addGroup("s");
            if (i % 4 > 1) {
              Group l = s.addGroup("l");
              for (int e = 0; e < i % 3; e++) {
                Group list = l.addGroup("list");
                if (e != 1) {
                  list.addGroup("element").append("n", (long) i);
                }
              }
            }
          }
          if (i % 5 > 0) {
            Group m = row.addGroup("m");
            for (int e = 0; e < i % 5 - 1; e++) {
              Group entry = m.addGroup("key_value").append("key", "k" + e);
              if (e > 0) {
                Group value = entry.addGroup("value");
                for (int v = 0; v < e - 1; v++) {
                  value.addGroup("list").append("element", v);
                }
              }
            }
          }
        });
  }

  @Test
  void partsArePutTogetherByTheirLevels() throws IOException {
    assertThat(read(nested(9)))
        .containsExactly(
            "[0, null, null]",
            "[1, [null, null], [[], []]]",
            "[2, [null, [[null, 2], null]], [[k0], [null]]]",
            "[3, [null, []], [[k0, k1], [null, []]]]",
            "[4, null, [[k0, k1, k2], [null, [], [0]]]]",
            "[5, [null, null], null]",
            "[6, [null, []], [[], []]]",
            "[7, [null, [[null, 7]]], [[k0], [null]]]",
            "[8, null, [[k0, k1], [null, []]]]");
  }

  @Test
  void aRowOfVeryManyElementsIsRefused() throws IOException {
    Path file =
        write(
            "repeated int32 c;",
            2,
            CompressionCodecName.SNAPPY,
            (row, i) -> {
              for (int n = i * 1_000_001; n > 0; n--) {
                row.add("c", 7);
              }
            });
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(ServerError.class)
        .hasMessageContaining("Row 2 of 'f.parquet', column 'c'")
        .hasMessageContaining("1,000,000 elements");
  }

  private Path sample() throws IOException {
    return write(
        "required int64 id; optional binary name (STRING); optional double x;",
        2000,
        CompressionCodecName.SNAPPY,
        (row, i) ->
            row.append("id", (long) i).append("name", "name " + i % 50).append("x", i * .5));
  }

  @Test
  void whatIsCutOffOrDamagedIsRefused() throws IOException {
    Path file = sample();
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {4, 8, 11, 12, 100, whole.length / 2, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(ParquetTable.is(file)).isFalse();
    }
    byte[] middle = Arrays.copyOf(whole, whole.length - 100);
    System.arraycopy(whole, 100, middle, 4, middle.length - 4);
    Files.write(file, middle);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(ServerError.class)
        .hasMessageContaining("damaged");
    byte[] footer = whole.clone();
    Arrays.fill(footer, whole.length - 8, whole.length - 4, (byte) 0x7f);
    Files.write(file, footer);
    assertThatThrownBy(() -> open(file)).hasMessageContaining("its footer has");
    byte[] encrypted = whole.clone();
    encrypted[3] = 'E';
    encrypted[whole.length - 1] = 'E';
    Files.write(file, encrypted);
    assertThat(ParquetTable.is(file)).isTrue();
    assertThatThrownBy(() -> open(file)).hasMessageContaining("encrypted");
  }

  @Test
  void anyBytesAreReadOrRefused() throws IOException {
    long seed = Long.getLong("parquet.seed", System.nanoTime());
    Random random = new Random(seed);
    byte[] plain = Files.readAllBytes(sample());
    byte[] nested = Files.readAllBytes(nested(500));
    Path file = directory.resolve("damaged.parquet");
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] bytes = (i % 3 == 0 ? plain : nested).clone();
      int from = i % 2 == 0 ? bytes.length - 1200 : 0;
      for (int n = random.nextInt(4); n >= 0; n--) {
        bytes[from + random.nextInt(bytes.length - from)] = (byte) random.nextInt();
      }
      Files.write(file, bytes);
      try {
        read(file);
      } catch (ServerError e) {
        assertThat(e.status()).isEqualTo(400);
        refused++;
      } catch (Throwable e) {
        throw new AssertionError("file %d of -Dparquet.seed=%d".formatted(i, seed), e);
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void aPageThatSaysThatItIsHugeIsRefusedUnread() throws IOException {
    Path file =
        write("required int32 id;", 1, CompressionCodecName.SNAPPY, (row, i) -> row.add("id", 7));
    byte[] whole = Files.readAllBytes(file);
    PageHeader page =
        Util.readPageHeader(new java.io.ByteArrayInputStream(whole, 4, whole.length - 4));
    ByteArrayOutputStream before = new ByteArrayOutputStream();
    Util.writePageHeader(page, before);
    page.setUncompressed_page_size(Integer.MAX_VALUE);
    // The header has the same length without its statistics, or a shorter one.
    page.setData_page_header(
        new DataPageHeader(1, Encoding.PLAIN, Encoding.RLE, Encoding.BIT_PACKED));
    assertThat(page.getType()).isEqualTo(PageType.DATA_PAGE);
    ByteArrayOutputStream after = new ByteArrayOutputStream();
    Util.writePageHeader(page, after);
    byte[] bytes = whole.clone();
    System.arraycopy(after.toByteArray(), 0, bytes, 4, after.size());
    Files.write(file, bytes);
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(ServerError.class)
        .hasMessageContaining("too much memory");
  }

  /**
   * Snappy's reader waits for ever for what a page has less than it says, and takes memory for
   * more.
   */
  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void aPageOfSnappyHasTheLengthThatItSays(int more) throws IOException {
    Path file =
        write("required int32 id;", 9, CompressionCodecName.SNAPPY, (row, i) -> row.add("id", i));
    assertThat(read(file)).hasSize(9);
    byte[] bytes = Files.readAllBytes(file);
    java.io.ByteArrayInputStream from =
        new java.io.ByteArrayInputStream(bytes, 4, bytes.length - 4);
    PageHeader page = Util.readPageHeader(from);
    int start = bytes.length - from.available();
    assertThat(bytes[start]).isEqualTo((byte) page.getUncompressed_page_size());
    bytes[start] += (byte) more;
    Files.write(file, bytes);
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(ServerError.class)
        .hasMessageContaining("damaged");
  }
}
