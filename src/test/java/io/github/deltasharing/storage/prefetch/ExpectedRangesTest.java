/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.prefetch;

import static io.github.deltasharing.storage.StorageFixture.bytes;
import static io.github.deltasharing.storage.StorageFixture.ranges;
import static io.github.deltasharing.storage.StorageFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.PrimedFile.Range;
import io.github.deltasharing.storage.StorageFixture;
import io.github.deltasharing.testing.StubServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked for of a file before its tail tells what will be read. */
@Timeout(60)
@Tag("unit")
class ExpectedRangesTest {
  private static final int SIZE = 3_000_000;
  private static final int TAIL_START = SIZE - (int) PrimedFile.TAIL_BYTES;
  private static final byte[] FILE = bytes(SIZE);

  /** A quarter of the memory. */
  private static final int PIECE = 256 << 10;

  private final StubServer store = StorageFixture.store(FILE);
  private ReadAhead ahead;

  @AfterEach
  void close() {
    store.close();
  }

  private PrimedFile open(String memory) {
    HttpSettings http = settings("prefetchMemory", memory);
    ahead = new ReadAhead(StorageFixture.access(http), http, new IoStats(), new FetchPool());
    return ahead.open(StorageFixture.file(store, SIZE));
  }

  private static void assertRead(PrimedFile file, Range range) {
    byte[] read = new byte[(int) (range.end() - range.start())];
    for (int done = 0; done < read.length; ) {
      done += file.read(range.start() + done, read, done, read.length - done);
    }
    assertThat(
            Arrays.equals(read, Arrays.copyOfRange(FILE, (int) range.start(), (int) range.end())))
        .as("bytes of %s", range)
        .isTrue();
  }

  private static String asked(long start, long end) {
    return "bytes=" + start + "-" + (end - 1);
  }

  @Test
  void whatComesAsExpectedIsAskedForOnce() {
    Range all = new Range(4, TAIL_START);
    try (PrimedFile file = open("64m")) {
      file.expect(new Range(4, SIZE));
      file.plan(List.of(all));
      assertRead(file, all);
    }
    assertThat(ranges(store))
        .containsExactlyInAnyOrder(asked(TAIL_START, SIZE), asked(4, TAIL_START));
  }

  /** Four pieces fit, less the tail. The third is not read: it may be dropped before it is sent. */
  @Test
  void whatIsNotReadIsDroppedAndWhatWasNotAskedForIsAskedForAsPlanned() {
    List<Range> plan =
        List.of(
            new Range(100, 400_000), new Range(900_000, 900_010), new Range(2_000_000, 2_100_000));
    try (PrimedFile file = open("1m")) {
      file.expect(new Range(4, SIZE));
      file.plan(plan);
      plan.forEach(range -> assertRead(file, range));
    }
    assertThat(ranges(store))
        .hasSizeBetween(5, 6)
        .contains(
            asked(TAIL_START, SIZE),
            asked(4, 4 + PIECE),
            asked(4 + PIECE, 4 + 2 * PIECE),
            asked(900_000, 900_010),
            asked(2_000_000, 2_100_000));
    assertAllMemoryIsBack(1 << 20);
  }

  @Test
  void withoutMemoryNothingIsExpected() {
    try (PrimedFile file = open("0")) {
      file.expect(new Range(4, SIZE));
      assertThat(ranges(store)).containsExactly(asked(TAIL_START, SIZE));
      file.plan(List.of(new Range(4, 10_000)));
      assertRead(file, new Range(4, 10_000));
    }
    assertThat(ranges(store)).containsExactly(asked(TAIL_START, SIZE), asked(4, 10_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "200k", "1m", "64m"})
  void whateverIsReadTheBytesAreTheFiles(String memory) {
    for (long seed = 0; seed < 10; seed++) {
      Random random = new Random(seed);
      try (PrimedFile file = open(memory)) {
        file.expect(new Range(random.nextInt(10), random.nextBoolean() ? SIZE : 1_000_000));
        List<Range> plan = new ArrayList<>();
        for (int at = random.nextInt(500_000); at < TAIL_START - 700_000; ) {
          int end = at + 1 + random.nextInt(600_000);
          plan.add(new Range(at, end));
          at = end + random.nextInt(800_000);
        }
        file.plan(plan);
        plan.forEach(range -> assertRead(file, range));
      }
      assertAllMemoryIsBack(settings("prefetchMemory", memory).prefetchMemory());
    }
  }

  /** A footer is read before it tells what is; the pieces that are expected stay for the plan. */
  @ParameterizedTest
  @ValueSource(strings = {"1", "200k", "1m", "2m", "64m"})
  void aFooterLongerThanTheTailIsReadBeforeThePlan(String memory) {
    Range footer = new Range(TAIL_START - 400_000, SIZE);
    for (long end : new long[] {footer.start(), footer.start() - 700_000}) {
      store.forget();
      Range data = new Range(4, end);
      try (PrimedFile file = open(memory)) {
        file.expect(new Range(4, SIZE));
        assertRead(file, footer);
        file.plan(List.of(data));
        assertRead(file, data);
      }
      long pieces = 1 + SIZE / ahead.pieceBytes();
      assertThat(ranges(store)).hasSizeLessThanOrEqualTo((int) pieces + 2);
      assertAllMemoryIsBack(settings("prefetchMemory", memory).prefetchMemory());
    }
  }

  private void assertAllMemoryIsBack(long memory) {
    assertThat(ahead.hasRoom(memory)).isTrue();
    assertThat(ahead.hasRoom(memory + 1)).isFalse();
  }
}
