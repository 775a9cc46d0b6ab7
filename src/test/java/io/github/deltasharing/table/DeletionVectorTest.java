/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.DeletionVectorBytes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/** Deletion vectors against bytes that the Roaring library wrote. */
@Tag("unit")
class DeletionVectorTest {
  private static final long TWO_TO_32 = 1L << 32;

  private static DeletionVector of(byte[] bitmap, long cardinality) {
    return DeletionVector.ofFile(DeletionVectorBytes.framed(bitmap), bitmap.length, cardinality);
  }

  private static DeletionVector of(long... rows) {
    return of(DeletionVectorBytes.bitmap(rows), rows.length);
  }

  private static int[] live(DeletionVector vector, long firstRow, int rows) {
    int[] live = new int[rows];
    return Arrays.copyOf(live, vector.live(firstRow, rows, live));
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void randomRowsAroundTheBordersOfBitmaps(long seed) {
    Random random = new Random(seed);
    TreeSet<Long> rows = new TreeSet<>();
    long[] borders = {0, 1 << 16, 1L << 31, TWO_TO_32, 2 * TWO_TO_32, 5 * TWO_TO_32};
    int count = 1 + random.nextInt(400);
    for (int i = 0; i < count; i++) {
      long row = borders[random.nextInt(borders.length)] + random.nextInt(600) - 300;
      rows.add(Math.max(0, row));
    }
    // A run of rows, which Roaring writes in a form of its own.
    long run = borders[random.nextInt(borders.length)];
    LongStream.range(run, run + random.nextInt(9000)).forEach(rows::add);
    Roaring64NavigableMap bitmap = new Roaring64NavigableMap();
    rows.forEach(bitmap::addLong);
    if (random.nextBoolean()) {
      bitmap.runOptimize();
    }
    byte[] bytes = DeletionVectorBytes.bitmap(bitmap);
    DeletionVector stored = of(bytes, rows.size());
    DeletionVector inline =
        DeletionVector.ofInline(DeletionVectorBytes.z85(bytes), bytes.length, rows.size());
    assertThat(stored.cardinality()).isEqualTo(rows.size());
    for (int i = 0; i < 20; i++) {
      long first =
          Math.max(0, borders[random.nextInt(borders.length)] + random.nextInt(1200) - 900);
      int length = random.nextInt(1000);
      int[] expected = IntStream.range(0, length).filter(r -> !rows.contains(first + r)).toArray();
      assertThat(live(stored, first, length))
          .as("%d rows from %d", length, first)
          .isEqualTo(expected);
      assertThat(live(inline, first, length)).isEqualTo(expected);
      assertThat(IntStream.range(0, length).filter(r -> !stored.isDeleted(first + r)).toArray())
          .isEqualTo(expected);
    }
  }

  @Test
  void aRunOfRowsThatCrossesIntoTheNextBitmap() {
    DeletionVector vector = of(TWO_TO_32 - 2, TWO_TO_32, TWO_TO_32 + 3);
    assertThat(live(vector, TWO_TO_32 - 4, 9)).containsExactly(0, 1, 3, 5, 6, 8);
    // With nothing deleted on one of the sides.
    assertThat(live(of(TWO_TO_32 + 1), TWO_TO_32 - 2, 5)).containsExactly(0, 1, 2, 4);
    assertThat(live(of(TWO_TO_32 - 1), TWO_TO_32 - 2, 5)).containsExactly(0, 2, 3, 4);
  }

  @Test
  void farRowsCostNoMoreThanNearOnes() {
    long row = (long) Integer.MAX_VALUE << 32;
    DeletionVector vector = of(7, row + 5);
    assertThat(vector.isDeleted(row + 5)).isTrue();
    assertThat(vector.isDeleted(row + 6)).isFalse();
    assertThat(vector.isDeleted(7 + TWO_TO_32)).isFalse();
    assertThat(live(vector, row + 4, 3)).containsExactly(0, 2);
  }

  @Test
  void anEmptyVectorDeletesNothing() {
    DeletionVector vector = of();
    assertThat(vector.cardinality()).isZero();
    assertThat(vector.isDeleted(0)).isFalse();
    assertThat(live(vector, 3, 4)).containsExactly(0, 1, 2, 3);
    assertThat(live(vector, 3, 0)).isEmpty();
  }

  @Test
  void bytesBehindTheBitmapsAreRefused() {
    byte[] bitmap = DeletionVectorBytes.bitmap(1, 2);
    byte[] longer = Arrays.copyOf(bitmap, bitmap.length + 4);
    assertThatThrownBy(() -> of(longer, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Roaring");
  }

  @Test
  void everyBitOfAFileCounts() {
    byte[] bitmap = DeletionVectorBytes.bitmap(1, 4, 9);
    byte[] framed = DeletionVectorBytes.framed(bitmap);
    for (int bit = 0; bit < framed.length * 8; bit++) {
      byte[] flipped = framed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> DeletionVector.ofFile(flipped, bitmap.length, 3))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (int length = 0; length < framed.length; length++) {
      byte[] cut = Arrays.copyOf(framed, length);
      assertThatThrownBy(() -> DeletionVector.ofFile(cut, bitmap.length, 3))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** No checksum guards an inline vector: whatever comes out, no other exception does. */
  @Test
  void damagedInlineVectorsAreRefusedOrHoldWhatWasPromised() {
    byte[] bitmap = DeletionVectorBytes.bitmap(1, 4, 9, TWO_TO_32);
    for (int bit = 0; bit < bitmap.length * 8; bit++) {
      byte[] flipped = bitmap.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        DeletionVector vector =
            DeletionVector.ofInline(DeletionVectorBytes.z85(flipped), flipped.length, 4);
        assertThat(vector.cardinality()).isEqualTo(4);
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageMatching("it .*|the keys .*");
      }
    }
  }

  @Test
  void z85OfTheSpecification() {
    // ZeroMQ RFC 32.
    byte[] hello = {(byte) 0x86, 0x4F, (byte) 0xD2, 0x6F, (byte) 0xB5, 0x59, (byte) 0xF7, 0x5B};
    assertThat(Z85.decode("HelloWorld")).isEqualTo(hello);
    assertThat(Z85.decode("")).isEmpty();
    assertThat(Z85.decode("00000")).isEqualTo(new byte[4]);
    assertThat(Z85.decode("%nSc0")).isEqualTo(new byte[] {-1, -1, -1, -1});
  }

  @ParameterizedTest
  @CsvSource({
    "%nSc1",
    "#####",
    "0000",
    "000000",
    "0000 ",
    "0000~",
    "0000ü",
    "0000\u20ac",
    "\"0000"
  })
  void textThatIsNotZ85(String text) {
    assertThatThrownBy(() -> Z85.decode(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void z85RoundTrips() {
    Random random = new Random(3);
    for (int length = 0; length < 100; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      byte[] decoded = Z85.decode(DeletionVectorBytes.z85(bytes));
      assertThat(Arrays.copyOf(decoded, length)).isEqualTo(bytes);
      assertThat(decoded).hasSize((length + 3) / 4 * 4);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void listsDeletedRowsAndTheDifferenceOfTwo(long seed) {
    Random random = new Random(seed);
    long base = random.nextBoolean() ? 0 : TWO_TO_32 - 50;
    long[] some = random.longs(40, base, base + 100).distinct().sorted().toArray();
    long[] others = random.longs(40, base, base + 100).distinct().sorted().toArray();
    DeletionVector vector = of(some);
    DeletionVector difference = vector.without(of(others));
    for (long row = base; row < base + 100; row++) {
      assertThat(difference.isDeleted(row))
          .isEqualTo(Arrays.binarySearch(some, row) >= 0 && Arrays.binarySearch(others, row) < 0);
    }
    int first = random.nextInt(60);
    int rows = 1 + random.nextInt(40);
    int[] deleted = new int[rows];
    int count = vector.deleted(base + first, rows, deleted);
    long[] expected =
        Arrays.stream(some)
            .map(row -> row - base - first)
            .filter(index -> index >= 0 && index < rows)
            .toArray();
    assertThat(Arrays.stream(deleted).limit(count).asLongStream().toArray()).isEqualTo(expected);
    assertThat(vector.without(vector).cardinality()).isZero();
  }

  /** As delta-kernel-rs pads a last block of less than four bytes. */
  private static String padded(byte[] bytes) {
    int rest = bytes.length % 4;
    byte[] whole = Arrays.copyOf(bytes, bytes.length - rest);
    byte[] block = new byte[4];
    System.arraycopy(bytes, whole.length, block, 4 - rest, rest);
    return DeletionVectorBytes.z85(whole)
        + (rest == 0
            ? ""
            : "#".repeat(4 - rest) + DeletionVectorBytes.z85(block).substring(4 - rest));
  }

  @ParameterizedTest(name = "{0} rows")
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 100, 70_000})
  void inlineVectorsMayBePaddedWithHashes(int rows) {
    long[] deleted = LongStream.range(0, rows).map(row -> 3 * row).toArray();
    byte[] bitmap = DeletionVectorBytes.bitmap(deleted);
    // Bitmaps with runs have other lengths.
    Roaring64NavigableMap runs =
        Roaring64NavigableMap.bitmapOf(LongStream.range(0, rows).toArray());
    runs.runOptimize();
    for (byte[] bytes : new byte[][] {bitmap, DeletionVectorBytes.bitmap(runs)}) {
      DeletionVector vector = DeletionVector.ofInline(padded(bytes), bytes.length, rows);
      DeletionVector zeros =
          DeletionVector.ofInline(DeletionVectorBytes.z85(bytes), bytes.length, rows);
      assertThat(vector.cardinality()).isEqualTo(rows);
      assertThat(live(vector, 0, 3 * rows + 9)).isEqualTo(live(zeros, 0, 3 * rows + 9));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "#0001, 000001",
    "##010, 0055",
    "###2Z, e7",
    "HelloWorld###0a, 864fd26fb559f75b0a",
  })
  void hashesStandForBytesThatAreNotThere(String text, String bytes) {
    assertThat(HexFormat.of().formatHex(Z85.decode(text))).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "####0, out of range",
    "#####, out of range",
    "#zzzz, out of range",
    "###zz, out of range",
    "#0000HelloWorld, out of range",
    "#000, multiple of 5",
  })
  void hashesElsewhereAreRefused(String text, String expected) {
    assertThatThrownBy(() -> Z85.decode(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected);
  }
}
