/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import static io.github.deltasharing.storage.StorageFixture.PATH;
import static io.github.deltasharing.storage.StorageFixture.bytes;
import static io.github.deltasharing.storage.StorageFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.PrimedFile.Range;
import io.github.deltasharing.storage.RangeCache.Entry;
import io.github.deltasharing.storage.RangeCache.FileKey;
import io.github.deltasharing.storage.prefetch.ReadAhead;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was fetched is not asked for again, and is never taken for something else. */
@Timeout(60)
@Tag("unit")
class RangeCacheTest {
  private static final int SIZE = 3_000_000;
  private static final int TAIL_START = SIZE - (int) PrimedFile.TAIL_BYTES;
  private static final byte[] FILE = bytes(SIZE);
  private static final Range RANGE = new Range(1_000, 901_000);
  private static final Range KEPT = new Range(TAIL_START - 9_000, TAIL_START - 1_000);
  private static final long ALL = PrimedFile.TAIL_BYTES + 900_000 + 8_000;

  private final StubServer store = StorageFixture.store(FILE);
  private int signatures;

  @BeforeEach
  @AfterEach
  void clear() {
    ExecutorResources.reset();
  }

  @AfterEach
  void stop() {
    store.close();
  }

  /** Each time by another URL, as another query has it. */
  private SharedFile file(String id, long size) {
    String url = store.url(PATH + "?sig=" + signatures++);
    return new SharedFile("share.schema.table", id, new SignedUrl(url), size);
  }

  private static ReadAhead ahead(String table, IoStats stats, String... options) {
    HttpSettings settings = settings(options);
    return new ReadAhead(StorageFixture.access(table, settings), settings, stats);
  }

  private IoStats read(String table, SharedFile file, byte[] content, String... options) {
    IoStats stats = new IoStats();
    try (ReadAhead ahead = ahead(table, stats, options);
        PrimedFile opened = ahead.open(file)) {
      opened.keep(KEPT);
      opened.plan(List.of(RANGE));
      check(opened, content, RANGE);
      check(opened, content, KEPT);
      check(opened, content, new Range(TAIL_START + 1, file.size()));
    }
    return stats;
  }

  private static void check(PrimedFile file, byte[] content, Range range) {
    byte[] bytes = new byte[(int) (range.end() - range.start())];
    for (int done = 0; done < bytes.length; ) {
      done += file.read(range.start() + done, bytes, done, Math.min(8_000, bytes.length - done));
    }
    assertThat(
            Arrays.equals(
                bytes, Arrays.copyOfRange(content, (int) range.start(), (int) range.end())))
        .as("%s", range)
        .isTrue();
  }

  /** A column chunk that is read as it comes is not held, and so not kept. */
  @ParameterizedTest
  @CsvSource({"64m, 3, 0, 0", "1m, 6, 0, 0", "0, 3, 1, 900000"})
  void whatWasFetchedIsNotAskedForAgain(String prefetch, int first, int then, long fetched) {
    String[] options = {"prefetchMemory", prefetch, "cacheMemory", "4m"};
    assertThat(read("t", file("f", SIZE), FILE, options).bytesFetched()).isEqualTo(ALL);
    assertThat(store.requests()).hasSize(first);
    for (int i = 0; i < 2; i++) {
      store.forget();
      IoStats again = read("t", file("f", SIZE), FILE, options);
      assertThat(store.requests()).hasSize(then);
      assertThat(List.of(again.requests(), again.bytesFetched(), again.bytesFromCache()))
          .containsExactly((long) then, fetched, ALL - fetched);
    }
    assertThat(RangeCache.shared().bytes()).isBetween(ALL - fetched, 4L << 20);
  }

  @Test
  void aSmallFileComesFromTheCacheWhole() {
    byte[] small = Arrays.copyOf(FILE, 5_000);
    store.on(PATH, request -> StubAnswer.file(request, small));
    for (String memory : List.of("64m", "0")) {
      IoStats stats = new IoStats();
      try (ReadAhead ahead = ahead("t", stats, "cacheMemory", "1m", "prefetchMemory", memory);
          PrimedFile opened = ahead.open(file("f", 5_000))) {
        check(opened, small, new Range(0, 5_000));
      }
    }
    assertThat(store.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"t, f, 3000001", "u, f, 3000000", "t, g, 3000000"})
  void anotherFileIsFetched(String table, String id, int size) {
    String[] options = {"cacheMemory", "4m"};
    read("t", file("f", SIZE), FILE, options);
    byte[] other = bytes(SIZE + 1);
    new Random(7).nextBytes(other);
    byte[] now = Arrays.copyOf(other, size);
    store.on(PATH, request -> StubAnswer.file(request, now));
    store.forget();
    assertThat(read(table, file(id, now.length), now, options).bytesFromCache()).isZero();
    assertThat(store.requests()).hasSize(3);
  }

  /** As where a server numbers the files of each answer, or gives all of them one id. */
  @Test
  void aFileOfTheSameNameElsewhereIsFetched() {
    String[] options = {"cacheMemory", "8m"};
    read("t", file("", SIZE), FILE, options);
    byte[] other = bytes(SIZE);
    new Random(7).nextBytes(other);
    store.on("/bucket/other", request -> StubAnswer.file(request, other));
    SharedFile elsewhere =
        new SharedFile("share.schema.table", "", new SignedUrl(store.url("/bucket/other")), SIZE);
    assertThat(read("t", elsewhere, other, options).bytesFromCache()).isZero();
  }

  @Test
  void whatIsNotToBeCachedIsFetched() {
    String[] options = {"cacheMemory", "8m"};
    read("t", file("f", SIZE).notCacheable(), FILE, options);
    assertThat(RangeCache.shared().bytes()).isZero();
    read("t", file("f", SIZE), FILE, options);
    assertThat(read("t", file("f", SIZE).notCacheable(), FILE, options).bytesFromCache()).isZero();
    AmbiguousNames names = new AmbiguousNames();
    List.of("a", "", "b", "a").forEach(names::add);
    assertThat(List.of("a", "", "b", "c").stream().filter(names)).containsExactly("a", "");
  }

  @Test
  void withoutTheOptionNothingIsKept() {
    for (int i = 0; i < 2; i++) {
      assertThat(read("t", file("f", SIZE), FILE).bytesFetched()).isEqualTo(ALL);
    }
    assertThat(read(null, file("f", SIZE), FILE, "cacheMemory", "4m").bytesFetched())
        .as("of a table without a name")
        .isEqualTo(ALL);
    assertThat(RangeCache.shared().bytes()).isZero();
    assertThat(store.requests()).hasSize(9);
  }

  /** The next reader would wait for nothing, or get another's bytes. */
  @Test
  void blocksInTheCacheAreNotUsedForOtherBytes() {
    read("t", file("f", SIZE), FILE, "cacheMemory", "4m");
    assertThat(BlockPool.shared().blocks()).isEmpty();
    read("t", file("f", SIZE), FILE);
    assertThat(BlockPool.shared().blocks()).as("without a cache").isNotEmpty();
    clear();
    read("t", file("f", SIZE), FILE, "cacheMemory", "500k");
    assertThat(BlockPool.shared().blocks()).as("of a range that is too long for it").isNotEmpty();
  }

  @Test
  void aFileThatWasReplacedInPlaceIsReadAtTheSecondTry() {
    String[] options = {"cacheMemory", "4m"};
    store.on(PATH, request -> StubAnswer.file(request, FILE).withHeader("ETag", "\"a\""));
    read("t", file("f", SIZE), FILE, options);
    byte[] other = FILE.clone();
    new Random(7).nextBytes(other);
    store.on(PATH, request -> StubAnswer.file(request, other).withHeader("ETag", "\"b\""));
    try (ReadAhead ahead = ahead("t", new IoStats(), options);
        PrimedFile opened = ahead.open(file("f", SIZE))) {
      check(opened, FILE, new Range(TAIL_START, SIZE));
      Range beside = new Range(2_000_000, 2_000_010);
      assertThatThrownBy(() -> check(opened, other, beside))
          .isInstanceOf(SharingException.class)
          .hasMessageContaining("another ETag");
    }
    assertThat(RangeCache.shared().bytes()).isZero();
    read("t", file("f", SIZE), other, options);
  }

  @Test
  void bytesOfAnotherVersionThanThoseReadAreFetched() {
    String[] options = {"cacheMemory", "4m"};
    store.on(PATH, request -> StubAnswer.file(request, FILE).withHeader("ETag", "\"a\""));
    read("t", file("f", SIZE), FILE, options);
    byte[] other = FILE.clone();
    new Random(7).nextBytes(other);
    store.on(PATH, request -> StubAnswer.file(request, other).withHeader("ETag", "\"b\""));
    RangeReader reader =
        StorageFixture.access("t", settings(options)).open(file("f", SIZE), new IoStats());
    assertThat(reader.read(0, 500)).isEqualTo(Arrays.copyOf(other, 500));
    assertThat(reader.cached(TAIL_START, SIZE)).isNull();
    assertThat(reader.read(TAIL_START, SIZE))
        .isEqualTo(Arrays.copyOfRange(other, TAIL_START, SIZE));
  }

  @Test
  void bytesThatCannotBeRightAreFetchedAgain() {
    String[] options = {"cacheMemory", "4m"};
    read("t", file("f", SIZE), FILE, options);
    read("t", file("g", SIZE), FILE, options);
    try (ReadAhead ahead = ahead("t", new IoStats(), options);
        PrimedFile opened = ahead.open(file("f", SIZE))) {
      opened.distrust();
    }
    assertThat(read("t", file("f", SIZE), FILE, options).bytesFetched()).isEqualTo(ALL);
    assertThat(read("t", file("g", SIZE), FILE, options).bytesFetched()).isZero();
  }

  @Test
  void halfAnAnswerIsNotKept() {
    store.on(PATH, request -> StubAnswer.file(request, FILE).cutAfter(400));
    String[] options = {"cacheMemory", "4m", "numRetries", "0"};
    assertThatThrownBy(() -> read("t", file("f", SIZE), FILE, options))
        .isInstanceOf(SharingException.class);
    assertThat(RangeCache.shared().bytes()).isZero();
  }

  private static Entry entry(int length) {
    return new Entry(PooledBytes.of(new byte[length]), null);
  }

  private static long cost(int... lengths) {
    return Arrays.stream(lengths).sum() + (long) lengths.length * RangeCache.ENTRY_BYTES;
  }

  @Test
  void theRangesUsedLastAreKeptUpToTheBound() {
    RangeCache cache = new RangeCache();
    FileKey file = new FileKey("t", "f", 9_999, "http://s/f");
    long most = cost(1_000, 1_000, 1_000);
    for (int i = 0; i < 3; i++) {
      assertThat(cache.put(file, i, i + 1_000, entry(1_000), most)).isTrue();
    }
    assertThat(cache.bytes()).isEqualTo(most);
    assertThat(cache.get(file, 0, 1_000)).isNotNull();
    assertThat(cache.put(file, 5, 15, entry(10), most)).isTrue();
    assertThat(cache.get(file, 1, 1_001)).as("the one not used for longest").isNull();
    assertThat(cache.get(file, 0, 1_000)).isNotNull();
    assertThat(cache.get(file, 2, 1_002)).isNotNull();
    assertThat(cache.bytes()).isEqualTo(cost(1_000, 1_000, 10));

    assertThat(cache.put(file, 6, 9_000, entry((int) most), most)).as("too long").isFalse();
    assertThat(cache.bytes()).isEqualTo(cost(1_000, 1_000, 10));
    assertThat(cache.put(file, 5, 15, entry(10), most)).as("the same again").isTrue();
    assertThat(cache.bytes()).isEqualTo(cost(1_000, 1_000, 10));

    cache.put(file, 7, 17, entry(10), cost(10, 10));
    assertThat(cache.bytes()).as("a smaller bound").isEqualTo(cost(10, 10));
    cache.put(new FileKey("u", "f", 9_999, "http://s/f"), 7, 17, entry(10), most);
    cache.forget(file);
    assertThat(cache.bytes()).isEqualTo(cost(10));
    assertThat(cache.get(file, 7, 17)).isNull();
  }

  @Test
  void longBytesAreReadFromTheirBlocks() {
    PooledBytes one = PooledBytes.of(FILE);
    byte[] copy = new byte[SIZE];
    assertThat(one.copy(0, copy, 0, SIZE)).isEqualTo(SIZE);
    assertThat(Arrays.equals(copy, FILE)).isTrue();
    assertThat(one.whole()).isSameAs(FILE);
    RangeReader reader = StorageFixture.reader(file("f", SIZE), settings(), new IoStats());
    assertThat(
            Arrays.equals(reader.readPooled(10, SIZE).whole(), Arrays.copyOfRange(FILE, 10, SIZE)))
        .isTrue();
  }
}
