/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.prefetch;

import static io.github.deltasharing.storage.StorageFixture.PATH;
import static io.github.deltasharing.storage.StorageFixture.bytes;
import static io.github.deltasharing.storage.StorageFixture.ranges;
import static io.github.deltasharing.storage.StorageFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.PrimedFile.Range;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.storage.StorageFixture;
import io.github.deltasharing.testing.Blocked;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file whose ranges are fetched ahead of their reader. */
@Timeout(60)
@Tag("unit")
class ReadAheadTest {
  private static final int SIZE = 3_000_000;
  private static final int TAIL_START = SIZE - (int) PrimedFile.TAIL_BYTES;
  private static final byte[] FILE = bytes(SIZE);

  /** What a task may hold in most of these tests, so that a piece is a quarter of it. */
  private static final String MEMORY = "1m";

  private static final int PIECE = 256 << 10;

  private final StubServer store = StorageFixture.store(FILE);
  private final FetchPool pool = new FetchPool();
  private final IoStats stats = new IoStats();
  private ReadAhead ahead;

  @AfterEach
  void close() {
    if (ahead != null) {
      ahead.close();
    }
    store.close();
  }

  private ReadAhead ahead(HttpSettings http) {
    return new ReadAhead(StorageFixture.access(http), http, stats, pool);
  }

  private PrimedFile open(String... options) {
    ahead = ahead(settings(options));
    return ahead.open(StorageFixture.file(store, SIZE));
  }

  private static byte[] read(PrimedFile file, long start, long end) {
    byte[] bytes = new byte[(int) (end - start)];
    for (int done = 0; done < bytes.length; ) {
      done += file.read(start + done, bytes, done, bytes.length - done);
    }
    return bytes;
  }

  private static void assertRead(PrimedFile file, long start, long end) {
    assertThat(
            Arrays.equals(read(file, start, end), Arrays.copyOfRange(FILE, (int) start, (int) end)))
        .as("bytes %d to %d", start, end)
        .isTrue();
  }

  private static String asked(long start, long end) {
    return "bytes=" + start + "-" + (end - 1);
  }

  private static List<Range> pieces(int count) {
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ranges.add(new Range((long) i * PIECE, (long) (i + 1) * PIECE - 1));
    }
    return ranges;
  }

  private void awaitNothingRuns() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (pool.running() > 0) {
      assertThat(System.nanoTime()).as("still running").isLessThan(deadline);
      Thread.sleep(2);
    }
  }

  /** A pause that is long enough for a request that must not come. */
  private void assertNoMoreThan(int requests) throws InterruptedException {
    Thread.sleep(100);
    assertThat(store.requests()).hasSize(requests);
  }

  private static void sleep(int most) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(most + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Answers to ranges that start there come when the latch opens. */
  private void hold(CountDownLatch latch, long... starts) {
    List<String> held = Arrays.stream(starts).mapToObj(start -> "bytes=" + start + "-").toList();
    store.on(
        PATH,
        request -> {
          if (held.stream().anyMatch(request.header("Range")::startsWith)) {
            await(latch);
          }
          return StubAnswer.file(request, FILE);
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theRequestsAndBytesAreTheSameAsWithout(long seed) throws InterruptedException {
    List<Range> plan = randomPlan(new Random(seed));
    List<List<String>> asked = new ArrayList<>();
    for (String memory : List.of("0", "64m")) {
      long bytes = stats.bytesFetched();
      int requests = store.requests().size();
      try (PrimedFile file = open("prefetchMemory", memory)) {
        file.keep(new Range(TAIL_START - 2_000, TAIL_START - 1_000));
        file.plan(plan);
        for (Range range : plan) {
          assertRead(file, range.start(), range.end());
        }
        assertRead(file, TAIL_START - 1_500, TAIL_START - 1_400);
      }
      List<String> these = ranges(store);
      asked.add(these.subList(requests, these.size()).stream().sorted().toList());
      assertThat(stats.bytesFetched() - bytes)
          .isEqualTo(PrimedFile.TAIL_BYTES + 1_000 + length(plan));
    }
    assertThat(asked.get(1)).isEqualTo(asked.get(0)).hasSize(2 + plan.size());
    assertThat(stats.requests()).isEqualTo(store.requests().size());
  }

  private static List<Range> randomPlan(Random random) {
    List<Range> ranges = new ArrayList<>();
    for (int at = random.nextInt(100_000); at < TAIL_START - 500_000; at += 33_000) {
      int end = at + 1 + random.nextInt(400_000);
      ranges.add(new Range(at, end));
      at = end;
    }
    return ranges;
  }

  private static long length(List<Range> ranges) {
    return ranges.stream().mapToLong(range -> range.end() - range.start()).sum();
  }

  @Test
  void aLongRangeIsCutAndEveryByteFetchedOnce() {
    try (PrimedFile file = open("prefetchMemory", MEMORY)) {
      file.plan(List.of(new Range(10, 1_000_000)));
      assertRead(file, 10, 1_000_000);
    }
    assertThat(ranges(store))
        .containsExactlyInAnyOrder(
            asked(TAIL_START, SIZE),
            asked(10, 10 + PIECE),
            asked(10 + PIECE, 10 + 2 * PIECE),
            asked(10 + 2 * PIECE, 10 + 3 * PIECE),
            asked(10 + 3 * PIECE, 1_000_000));
  }

  /** Memory for nothing but one piece at a time, and for all. */
  @ParameterizedTest
  @CsvSource({"1, 1", "200k, 2", "1m, 3", "64m, 64"})
  void anySeeksAndReadsGiveTheFilesBytesWhateverComesFirst(String memory, String connections) {
    store.on(
        PATH,
        request -> {
          sleep(8);
          return StubAnswer.file(request, FILE);
        });
    for (long seed = 0; seed < 4; seed++) {
      Random random = new Random(seed);
      try (PrimedFile file = open("prefetchMemory", memory, "maxConnections", connections)) {
        List<Range> plan = randomPlan(random);
        file.plan(plan);
        for (Range range : plan) {
          long at = range.start() + random.nextInt((int) (range.end() - range.start()));
          assertRead(file, at, range.end());
          if (random.nextInt(4) == 0) {
            int anywhere = random.nextInt(SIZE - 70_000);
            assertRead(file, anywhere, anywhere + 1 + random.nextInt(70_000));
          }
        }
      }
    }
  }

  @Test
  void allRangesAreFetchedAtATimeBeforeTheyAreRead() throws InterruptedException {
    CountDownLatch all = new CountDownLatch(1);
    hold(all, 0, PIECE, 2 * PIECE);
    try (PrimedFile file = open()) {
      file.plan(pieces(3));
      store.awaitRequests(4);
      all.countDown();
      assertRead(file, 2L * PIECE, 3L * PIECE - 1);
      assertRead(file, 0, PIECE - 1);
      assertThat(store.requests()).hasSize(4);
    } finally {
      all.countDown();
    }
  }

  /** The tail and three pieces are less than the memory, four pieces are more. */
  @Test
  void noMoreIsFetchedThanTheMemoryHolds() throws InterruptedException {
    try (PrimedFile file = open("prefetchMemory", MEMORY)) {
      file.plan(pieces(6));
      store.awaitRequests(4);
      assertNoMoreThan(4);
      assertRead(file, 0, 100);
      assertNoMoreThan(4);
      assertRead(file, 100, PIECE - 1);
      store.awaitRequests(5);
      assertNoMoreThan(5);
      for (Range range : pieces(6).subList(1, 6)) {
        assertRead(file, range.start(), range.end());
      }
      assertThat(store.requests()).hasSize(7);
    }
    awaitNothingRuns();
    assertThat(ahead.hasRoom(1 << 20)).as("all memory is given back").isTrue();
    assertThat(ahead.hasRoom((1 << 20) + 1)).isFalse();
  }

  @Test
  void theStoreIsAskedNoMoreAtATimeThanAllowed() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    store.on(
        PATH,
        request -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          sleep(20);
          now.decrementAndGet();
          return StubAnswer.file(request, FILE);
        });
    try (PrimedFile file = open("maxConnections", "2")) {
      file.plan(pieces(10));
      for (Range range : pieces(10)) {
        assertRead(file, range.start(), range.end());
      }
    }
    assertThat(most).hasValue(2);
  }

  @Test
  void aFailureIsToldWhenItsBytesAreReadAndAsWithoutReadAhead() throws InterruptedException {
    store.on(
        PATH,
        request ->
            request.header("Range").startsWith("bytes=" + PIECE + "-")
                ? StubAnswer.status(403)
                : StubAnswer.file(request, FILE));
    SharingException expected;
    try (PrimedFile file = open("prefetchMemory", "0")) {
      file.plan(pieces(3));
      expected = failure(file, PIECE);
    }
    try (PrimedFile file = open()) {
      file.plan(pieces(3));
      awaitNothingRuns();
      assertRead(file, 0, PIECE - 1);
      assertRead(file, 2L * PIECE, 3L * PIECE - 1);
      assertThat(failure(file, PIECE))
          .isExactlyInstanceOf(SharingException.class)
          .hasMessage(expected.getMessage())
          .hasNoCause();
    }
    assertThat(expected).hasMessageContaining("HTTP 403");
  }

  private static SharingException failure(PrimedFile file, long position) {
    return catchThrowableOfType(SharingException.class, () -> read(file, position, position + 9));
  }

  @Test
  void aDeadStoreFailsWithoutMoreTriesThanOneRangeHas() {
    store.on(PATH, StubAnswer.status(503));
    try (PrimedFile file = open("numRetries", "2")) {
      assertThat(failure(file, SIZE - 8)).isExactlyInstanceOf(TransientSharingException.class);
    }
    assertThat(store.requests()).hasSize(3);
    assertThat(List.of(stats.requests(), stats.retries())).containsExactly(3L, 2L);
  }

  @Test
  void rangesOfTwoVersionsOfAFileAreRefused() {
    store.on(
        PATH,
        request ->
            StubAnswer.file(request, FILE)
                .withHeader("ETag", request.header("Range").startsWith("bytes=0-") ? "a" : "b"));
    try (PrimedFile file = open()) {
      assertRead(file, SIZE - 8, SIZE);
      file.plan(pieces(2));
      assertRead(file, PIECE, 2L * PIECE - 1);
      assertThat(failure(file, 0)).hasMessageContaining("another ETag");
    }
  }

  @Test
  void brokenBodiesAreResumedWhileOthersAreOnTheirWay() {
    AtomicInteger requests = new AtomicInteger();
    store.on(
        PATH,
        request -> {
          StubAnswer answer = StubAnswer.file(request, FILE);
          // Nobody reads the tail, so that the rest of it is not fetched.
          boolean tail = request.header("Range").startsWith("bytes=" + TAIL_START);
          return !tail && requests.incrementAndGet() % 3 == 0 ? answer.cutAfter(1_000) : answer;
        });
    try (PrimedFile file = open()) {
      file.plan(pieces(8));
      for (Range range : pieces(8)) {
        assertRead(file, range.start(), range.end());
      }
    }
    assertThat(stats.bytesFetched()).isEqualTo(PrimedFile.TAIL_BYTES + length(pieces(8)));
    assertThat(stats.requests() - stats.retries()).isEqualTo(9);
  }

  @Test
  void whatWaitsIsTheTaskAndNotTheFetches() throws InterruptedException {
    CountDownLatch later = new CountDownLatch(1);
    hold(later, 0, PIECE, 2 * PIECE);
    try (PrimedFile file = open()) {
      assertRead(file, SIZE - 8, SIZE);
      long before = stats.waitedMillis();
      file.plan(pieces(3));
      store.awaitRequests(4);
      Thread.sleep(500);
      later.countDown();
      awaitNothingRuns();
      assertRead(file, 0, PIECE - 1);
      assertThat(stats.waitedMillis() - before).isLessThan(400);
    }
  }

  @Test
  void closingEndsFetchesAndWhoeverWaitsForThem() throws Exception {
    store.on(
        PATH,
        request ->
            request.header("Range").startsWith("bytes=" + TAIL_START)
                ? StubAnswer.file(request, FILE)
                : StubAnswer.file(request, FILE).stallAfter(1_000));
    PrimedFile file = open("maxConnections", "2");
    file.plan(pieces(5));
    store.awaitRequests(3);
    try (Blocked reader = new Blocked(() -> read(file, 0, 5))) {
      reader.awaitIn(Fetch.class);
      ahead.close();
      Blocked.End end = reader.end(5);
      assertThat(end.failure())
          .isExactlyInstanceOf(SharingException.class)
          .hasMessage("Reading file id-1 of share.schema.table was interrupted.");
      assertThat(end.interrupted()).isFalse();
    }
    file.close();
    awaitNothingRuns();
    assertNoMoreThan(3);
    assertThat(failure(ahead.open(StorageFixture.file(store, SIZE)), 0))
        .as("opened after the end")
        .hasMessageContaining("was interrupted");
    assertNoMoreThan(3);
    assertThat(ahead.hasRoom(64 << 20)).isTrue();
  }

  /** Not only the thread must go: a store counts connections too. */
  @Test
  void closingDropsTheConnectionsOfFetches() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      ahead = ahead(settings());
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/x";
      PrimedFile file = ahead.open(new SharedFile("s.s.t", "id", new SignedUrl(url), SIZE));
      try (file;
          Socket connection = silent.accept()) {
        connection.setSoTimeout(20_000);
        assertThat(connection.getInputStream().read()).isEqualTo('G');
        ahead.close();
        // To the end of the request, and then to the end of the connection.
        assertThat(connection.getInputStream().readAllBytes()).isNotEmpty();
      }
    }
    awaitNothingRuns();
  }

  @Test
  void closingAFileEndsItsFetchesAndLeavesOthers() throws Exception {
    CountDownLatch later = new CountDownLatch(1);
    hold(later, PIECE);
    PrimedFile file = open();
    PrimedFile other = ahead.open(StorageFixture.file(store, SIZE));
    assertRead(file, SIZE - 8, SIZE);
    assertRead(other, SIZE - 8, SIZE);
    file.plan(List.of(new Range(PIECE, PIECE + 10)));
    other.plan(List.of(new Range(PIECE, PIECE + 20)));
    store.awaitRequests(4);
    file.close();
    later.countDown();
    assertRead(other, PIECE, PIECE + 20);
    awaitNothingRuns();
    assertThat(stats.bytesFetched()).isEqualTo(2 * PrimedFile.TAIL_BYTES + 20);
  }

  @Test
  void anInterruptEndsTheWaitAtOnce() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    hold(never, 0);
    PrimedFile file = open();
    file.plan(pieces(1));
    try (Blocked reader = new Blocked(() -> read(file, 0, 5))) {
      Blocked.End end = reader.awaitIn(Fetch.class).interrupt().end(5);
      assertThat(end.failure())
          .isExactlyInstanceOf(SharingException.class)
          .hasMessage("Reading file id-1 of share.schema.table was interrupted.");
      assertThat(end.interrupted()).as("interrupt flag").isTrue();
    } finally {
      never.countDown();
    }
  }

  @Test
  void manyFilesNeedNoMoreConnectionsThanAllowed() {
    try (ReadAhead all = ahead(settings("maxConnections", "4"))) {
      List<PrimedFile> files = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        files.add(all.open(StorageFixture.file(store, SIZE)));
      }
      files.forEach(file -> assertRead(file, SIZE - 100, SIZE));
    }
    assertThat(store.requests().stream().map(StubRequest::remotePort).distinct().count())
        .isLessThanOrEqualTo(4);
  }
}
