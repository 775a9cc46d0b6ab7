/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import static io.github.deltasharing.storage.StorageFixture.bytes;
import static io.github.deltasharing.storage.StorageFixture.ranges;
import static io.github.deltasharing.storage.StorageFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.storage.PrimedFile.Range;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link PrimedFile}, alone and as Hadoop sees it through {@link SharedFileSystem}. */
@Tag("unit")
class PrimedFileTest {
  private static final int TAIL = 64 << 10;
  private static final int SIZE = 3_000_000;
  private static final int TAIL_START = SIZE - TAIL;
  private static final byte[] FILE = bytes(SIZE);

  private final StubServer store = StorageFixture.store(FILE);

  @AfterEach
  void close() {
    store.close();
  }

  private PrimedFile open() {
    return new PrimedFile(
        StorageFixture.reader(StorageFixture.file(store, SIZE), settings(), new IoStats()));
  }

  private static byte[] read(PrimedFile file, long position, int length) {
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      int n = file.read(position + done, bytes, done, length - done);
      assertThat(n).isPositive();
      done += n;
    }
    return bytes;
  }

  private static void assertRead(PrimedFile file, int position, int length) {
    assertThat(read(file, position, length))
        .isEqualTo(Arrays.copyOfRange(FILE, position, position + length));
  }

  private static String asked(long start, long end) {
    return "bytes=" + start + "-" + (end - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 12, 1 << 20})
  void aSmallFileComesInOneRequest(int size) {
    byte[] small = bytes(size);
    try (StubServer server = StorageFixture.store(small);
        PrimedFile file =
            new PrimedFile(
                StorageFixture.reader(
                    StorageFixture.file(server, size), settings(), new IoStats()))) {
      file.plan(List.of(new Range(0, size)));
      assertThat(read(file, size / 2, size - size / 2))
          .isEqualTo(Arrays.copyOfRange(small, size / 2, size));
      assertThat(read(file, 0, size)).isEqualTo(small);
      assertThat(file.read(size, new byte[1], 0, 1)).isEqualTo(-1);
      assertThat(ranges(server)).containsExactly(asked(0, size));
    }
  }

  @Test
  void anEmptyFileAsksForNothing() {
    try (PrimedFile file =
        new PrimedFile(
            StorageFixture.reader(StorageFixture.file(store, 0), settings(), new IoStats()))) {
      assertThat(file.read(0, new byte[1], 0, 1)).isEqualTo(-1);
      assertThat(store.requests()).isEmpty();
    }
  }

  @Test
  void aLongFileIsItsTailAndThenOneRequestForEachPlannedRange() {
    try (PrimedFile file = open()) {
      assertRead(file, SIZE - 8, 8);
      assertRead(file, TAIL_START, TAIL);
      file.plan(List.of(new Range(4, 500_000), new Range(1_000_000, 1_400_000)));
      assertRead(file, 4, 100);
      assertRead(file, 104, 200_000);
      assertRead(file, 200_104, 299_896);
      assertRead(file, 1_000_000, 400_000);
      assertThat(ranges(store))
          .containsExactly(asked(TAIL_START, SIZE), asked(4, 500_000), asked(1_000_000, 1_400_000));
      assertThat(store.requests().stream().map(StubRequest::remotePort).distinct())
          .as("connections")
          .hasSize(1);
    }
  }

  @Test
  void nothingOfThePlannedRangesIsAskedForBeforeItIsRead() {
    try (PrimedFile file = open()) {
      file.plan(List.of(new Range(4, 500_000), new Range(1_000_000, 1_400_000)));
      assertRead(file, 1_000_000, 10);
      assertThat(ranges(store))
          .containsExactly(asked(TAIL_START, SIZE), asked(1_000_000, 1_400_000));
    }
  }

  @Test
  void aShortSkipIsReadOverAndALongOneIsAnotherRequest() {
    try (PrimedFile file = open()) {
      file.plan(List.of(new Range(0, 900_000)));
      assertRead(file, 0, 10);
      assertRead(file, 10 + (64 << 10), 10);
      assertThat(ranges(store)).hasSize(2);
      assertRead(file, 600_000, 300_000);
      assertThat(ranges(store))
          .containsExactly(asked(TAIL_START, SIZE), asked(0, 900_000), asked(600_000, 900_000));
    }
  }

  @Test
  void aStepBackInAPlannedRangeIsAnotherRequest() {
    try (PrimedFile file = open()) {
      file.plan(List.of(new Range(100, 1_000)));
      assertRead(file, 500, 100);
      assertRead(file, 100, 900);
      assertThat(ranges(store))
          .containsExactly(asked(TAIL_START, SIZE), asked(500, 1_000), asked(100, 1_000));
    }
  }

  @Test
  void whatOfAPlannedRangeIsInTheTailIsNotFetchedAgain() {
    try (PrimedFile file = open()) {
      int start = TAIL_START - 10_000;
      file.plan(List.of(new Range(start, SIZE - 1_000), new Range(SIZE - 900, SIZE - 100)));
      assertRead(file, start, SIZE - 1_000 - start);
      assertRead(file, SIZE - 900, 800);
      assertThat(ranges(store)).containsExactly(asked(TAIL_START, SIZE), asked(start, TAIL_START));
    }
  }

  @Test
  void anUnplannedReadFetchesABlockAndKeepsIt() {
    try (PrimedFile file = open()) {
      file.plan(List.of(new Range(0, 100)));
      assertRead(file, 1_000_000, 10);
      assertRead(file, 1_000_010, (64 << 10) - 10);
      assertRead(file, 1_000_000, 20);
      assertRead(file, 2_000_000, 200_000);
      assertThat(ranges(store))
          .containsExactly(
              asked(TAIL_START, SIZE),
              asked(1_000_000, 1_000_000 + (64 << 10)),
              asked(2_000_000, 2_200_000));
    }
  }

  @Test
  void aKeptRangeIsOneRequestAndLeavesTheStreamAlone() {
    try (PrimedFile file = open()) {
      file.keep(new Range(2_000_000, 2_100_000));
      file.keep(new Range(TAIL_START - 10, TAIL_START + 10));
      file.keep(new Range(TAIL_START + 10, SIZE));
      file.plan(List.of(new Range(0, 500_000)));
      assertRead(file, 0, 1_000);
      assertRead(file, 2_090_000, 10_000);
      assertRead(file, 2_000_000, 10);
      assertRead(file, TAIL_START - 10, 20);
      assertRead(file, 1_000, 499_000);
      assertThat(ranges(store))
          .containsExactly(
              asked(TAIL_START, SIZE),
              asked(2_000_000, 2_100_000),
              asked(TAIL_START - 10, TAIL_START),
              asked(0, 500_000));
    }
  }

  @Test
  void aFooterLongerThanTheTailIsFetchedUpToTheTail() {
    try (PrimedFile file = open()) {
      int footer = SIZE - 8 - 300_000;
      assertRead(file, SIZE - 8, 8);
      assertRead(file, footer, 300_000);
      assertThat(ranges(store)).containsExactly(asked(TAIL_START, SIZE), asked(footer, TAIL_START));
    }
  }

  @Test
  void nothingIsReadOfNoBytes() {
    try (PrimedFile file = open()) {
      assertThat(file.read(5, new byte[0], 0, 0)).isZero();
      assertThat(store.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anySeeksAndReadsThroughHadoopGiveTheFilesBytes(long seed) throws IOException {
    Random random = new Random(seed);
    PrimedFile file = open();
    file.plan(randomRanges(random));
    Path path = SharedFileSystem.register(file);
    try (FSDataInputStream in = path.getFileSystem(hadoop()).open(path)) {
      for (int i = 0; i < 150; i++) {
        int position = random.nextInt(SIZE);
        int length = 1 + random.nextInt(random.nextBoolean() ? 100 : 100_000);
        int end = Math.min(SIZE, position + length);
        byte[] read = new byte[end - position];
        if (random.nextBoolean()) {
          in.seek(position);
          in.readFully(read);
          assertThat(in.getPos()).isEqualTo(end);
          assertThat(in.read()).isEqualTo(end == SIZE ? -1 : FILE[end] & 0xff);
        } else {
          long before = in.getPos();
          in.readFully(position, read);
          assertThat(in.getPos()).isEqualTo(before);
        }
        assertThat(Arrays.equals(read, 0, read.length, FILE, position, end))
            .as("bytes %d to %d with seed %d", position, end, seed)
            .isTrue();
      }
    } finally {
      SharedFileSystem.release(path);
      file.close();
    }
  }

  private static List<Range> randomRanges(Random random) {
    List<Range> ranges = new ArrayList<>();
    for (int at = random.nextInt(100_000); at < SIZE; at += random.nextInt(300_000)) {
      int end = Math.min(SIZE, at + 1 + random.nextInt(400_000));
      ranges.add(new Range(at, end));
      at = end;
    }
    return ranges;
  }

  private static Configuration hadoop() {
    Configuration conf = new Configuration();
    SharedFileSystem.configure(conf);
    return conf;
  }

  @Test
  void aRegisteredPathHoldsTheIdAndNeverTheUrl() throws IOException {
    int before = SharedFileSystem.registered();
    SharedFile odd =
        new SharedFile("s.s.t", "a/b c?d#e:é", StorageFixture.file(store, SIZE).url(), SIZE);
    try (PrimedFile file = new PrimedFile(StorageFixture.reader(odd, settings(), new IoStats()))) {
      Path path = SharedFileSystem.register(file);
      Path again = SharedFileSystem.register(file);
      assertThat(path.toString())
          .matches("delta-sharing-data:/+\\d+-a_b_c_d_e__")
          .isNotEqualTo(again.toString());
      FileSystem fs = path.getFileSystem(hadoop());
      assertThat(fs.getFileStatus(path).getLen()).isEqualTo(SIZE);
      assertThat(fs.getFileStatus(path).getPath()).isEqualTo(path);
      assertThat(SharedFileSystem.registered()).isEqualTo(before + 2);
      SharedFileSystem.release(path);
      SharedFileSystem.release(again);
      assertThat(SharedFileSystem.registered()).isEqualTo(before);
      assertThatThrownBy(() -> fs.open(path)).isInstanceOf(FileNotFoundException.class);
      assertThatThrownBy(() -> fs.getFileStatus(path)).isInstanceOf(FileNotFoundException.class);
    }
  }

  @Test
  void theFileSystemIsReadOnly() throws IOException {
    Path path = new Path(SharedFileSystem.SCHEME + ":///x");
    FileSystem fs = path.getFileSystem(hadoop());
    assertThatThrownBy(() -> fs.create(path)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> fs.delete(path, false))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> fs.listStatus(path)).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void seekingOutsideOfTheFileIsRefused() throws IOException {
    try (PrimedFile file = open()) {
      Path path = SharedFileSystem.register(file);
      try (FSDataInputStream in = path.getFileSystem(hadoop()).open(path)) {
        in.seek(SIZE);
        assertThat(in.read()).isEqualTo(-1);
        assertThatThrownBy(() -> in.seek(-1)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> in.seek(SIZE + 1))
            .isInstanceOf(EOFException.class)
            .hasMessageNotContaining("canary");
      } finally {
        SharedFileSystem.release(path);
      }
    }
  }
}
