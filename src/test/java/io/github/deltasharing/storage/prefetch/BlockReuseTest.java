/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.prefetch;

import static io.github.deltasharing.storage.StorageFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.PooledBytes;
import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.PrimedFile.Range;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.storage.StorageFixture;
import io.github.deltasharing.storage.StorageUse;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tasks at the same time that read, seek, fail and are cancelled at random, over blocks that are
 * used again. Each byte read is compared with the file's. Meanwhile a vandal overwrites whatever
 * blocks were given back: one that somebody still reads or fills would show it.
 */
@Tag("unit")
class BlockReuseTest {
  private static final int FILES = 6;
  private static final int SIZE = 4_000_000;
  private static final int TAIL_START = SIZE - (int) PrimedFile.TAIL_BYTES;
  private static final int AT_A_TIME = 8;

  private static final byte[][] CONTENT = new byte[FILES][SIZE];

  static {
    for (int i = 0; i < FILES; i++) {
      new Random(i).nextBytes(CONTENT[i]);
    }
  }

  private final StubServer store = new StubServer();
  private final FetchPool pool = new FetchPool();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger read = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong cached = new AtomicLong();
  private final AtomicLong overwritten = new AtomicLong();
  private volatile double faults = 0.1;
  private volatile boolean over;

  @BeforeEach
  void start() {
    store.onAnything(this::answer);
    // Those of other tests.
    StorageUse.reset();
  }

  @AfterEach
  void stop() {
    over = true;
    StorageUse.reset();
    store.close();
  }

  private StubAnswer answer(StubRequest request) {
    String path = request.target();
    byte[] content = CONTENT[path.charAt(1) - '0'];
    StubAnswer right = StubAnswer.file(request, content);
    ThreadLocalRandom random = ThreadLocalRandom.current();
    if (random.nextDouble() >= faults) {
      return right;
    }
    return switch (random.nextInt(60)) {
      case 0 -> StubAnswer.status(403);
      case 1, 2, 3, 4, 5, 6, 7, 8 -> StubAnswer.hangUp();
      case 9, 10, 11, 12, 13, 14, 15 -> StubAnswer.status(503).withHeader("Retry-After", "0");
      case 16, 17, 18, 19, 20, 21, 22 ->
          right.slowly(right.body().length / 5, Duration.ofMillis(3));
      default -> right.cutAfter(random.nextInt(right.body().length));
    };
  }

  @Test
  @Timeout(90)
  void noBlockIsUsedAgainBeforeItsBytesWereRead() throws Exception {
    stress(30);
  }

  @Test
  @Tag("nightly")
  @Timeout(1_800)
  void neitherInALongTime() throws Exception {
    stress(2_000);
  }

  private void stress(int tasksEach) throws Exception {
    Thread vandal = new Thread(this::vandalise, "vandal");
    vandal.start();
    List<Thread> workers = new ArrayList<>();
    for (int w = 0; w < AT_A_TIME; w++) {
      int seed = w;
      Thread worker = new Thread(() -> work(new Random(seed), tasksEach), "worker-" + w);
      worker.start();
      workers.add(worker);
    }
    for (Thread worker : workers) {
      worker.join();
    }
    over = true;
    vandal.join();
    assertThat(failures).isEmpty();
    awaitNothingRuns();
    String what =
        "%d tasks read all, %d ended early; %,d bytes compared, %,d of the cache, %,d blocks given back"
            .formatted(read.get(), ended.get(), bytes.get(), cached.get(), overwritten.get());
    System.out.println(what);
    assertThat(read.get()).as(what).isGreaterThan(AT_A_TIME * tasksEach / 4);
    assertThat(ended.get()).as(what).isGreaterThan(AT_A_TIME * tasksEach / 10);
    assertThat(cached.get()).as(what).isPositive();
    assertThat(overwritten.get()).as(what).isGreaterThan(200);
    blocksKept();
  }

  /** The blocks that wait to be used again: none of them twice. */
  private static Set<byte[]> blocksKept() {
    List<byte[]> kept = new ArrayList<>(StorageUse.pooledBlocks());
    Set<byte[]> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    distinct.addAll(kept);
    assertThat(distinct).as("blocks kept, each once").hasSameSizeAs(kept);
    return distinct;
  }

  private void vandalise() {
    while (!over) {
      List<byte[]> some = new ArrayList<>();
      Queue<byte[]> kept = StorageUse.pooledBlocks();
      for (byte[] block = kept.poll(); block != null; block = kept.poll()) {
        Arrays.fill(block, (byte) 0xbd);
        some.add(block);
        overwritten.incrementAndGet();
      }
      some.forEach(kept::offer);
      pause(1);
    }
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(Random random, int tasks) {
    try {
      for (int i = 0; i < tasks && failures.isEmpty(); i++) {
        task(random);
        store.forget();
      }
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  /** One task in a thread of its own, cancelled after a while or not. */
  private void task(Random random) throws InterruptedException {
    String memory = List.of("300k", "1m", "4m").get(random.nextInt(3));
    String cache = List.of("0", "6m").get(random.nextInt(2));
    HttpSettings http =
        settings(
            "prefetchMemory",
            memory,
            "cacheMemory",
            cache,
            "numRetries",
            "4",
            "maxConnections",
            "16");
    IoStats stats = new IoStats();
    ReadAhead ahead = new ReadAhead(StorageFixture.access("t", http), http, stats, pool);
    Random ofTask = new Random(random.nextLong());
    Thread thread = new Thread(() -> run(ahead, ofTask));
    thread.start();
    switch (random.nextInt(6)) {
      case 0 -> {
        pause(random.nextInt(40));
        ahead.close();
      }
      case 1 -> {
        pause(random.nextInt(40));
        thread.interrupt();
      }
      default -> {}
    }
    thread.join();
    ahead.close();
    cached.addAndGet(stats.bytesFromCache());
    assertThat(ahead.hasRoom(http.prefetchMemory())).as("all memory is given back").isTrue();
    assertThat(ahead.hasRoom(http.prefetchMemory() + 1)).as("and no more").isFalse();
  }

  private void run(ReadAhead ahead, Random random) {
    try {
      List<Integer> numbers = new ArrayList<>();
      List<PrimedFile> files = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(3); i++) {
        numbers.add(random.nextInt(FILES));
        files.add(ahead.open(file(numbers.get(i))));
      }
      for (int i = 0; i < files.size(); i++) {
        try (PrimedFile file = files.get(i)) {
          read(file, CONTENT[numbers.get(i)], random);
        }
      }
      read.incrementAndGet();
    } catch (SharingException e) {
      ended.incrementAndGet();
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  private SharedFile file(int number) {
    return new SharedFile(
        "s.s.t", "f" + number, new SignedUrl(store.url("/" + number + "?sig=x")), SIZE);
  }

  /** Mostly as Parquet's readers do: forward, in parts; now and then somewhere else. */
  private void read(PrimedFile file, byte[] content, Random random) {
    List<Range> plan = new ArrayList<>();
    // A few plans, so that other tasks' ranges are found in the cache.
    Random ofPlan = new Random(random.nextInt(3));
    for (int at = ofPlan.nextInt(50_000); at < TAIL_START; ) {
      int end = Math.min(TAIL_START, at + 1 + ofPlan.nextInt(1_500_000));
      plan.add(new Range(at, end));
      at = end + 1 + ofPlan.nextInt(60_000);
    }
    file.plan(plan);
    for (Range range : plan) {
      if (random.nextInt(10) == 0) {
        continue;
      }
      int at = (int) range.start();
      int end = (int) (random.nextInt(10) == 0 ? (at + range.end()) / 2 : range.end());
      while (at < end) {
        int length = Math.min(end - at, 1 + random.nextInt(200_000));
        check(file, content, at, length);
        at += length;
        if (random.nextInt(40) == 0) {
          check(file, content, random.nextInt(SIZE - 1_000), 1_000);
        }
      }
      if (random.nextInt(30) == 0) {
        return;
      }
    }
  }

  private void check(PrimedFile file, byte[] content, int from, int length) {
    byte[] buffer = new byte[length];
    for (int done = 0; done < length; ) {
      done += file.read(from + done, buffer, done, length - done);
    }
    bytes.addAndGet(length);
    if (!Arrays.equals(buffer, 0, length, content, from, from + length)) {
      throw new AssertionError("other bytes at " + from + " to " + (from + length));
    }
  }

  private void awaitNothingRuns() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (pool.running() > 0) {
      assertThat(System.nanoTime()).as("still running").isLessThan(deadline);
      Thread.sleep(2);
    }
  }

  /** As many blocks as were held at a time, however many were filled. */
  @Test
  @Timeout(60)
  void blocksThatWereReadAreUsedAgain() throws Exception {
    faults = 0;
    int pieces = 4;
    String memory = pieces * PooledBytes.BLOCK_BYTES + "";
    HttpSettings http = settings("prefetchMemory", memory);
    try (ReadAhead ahead = new ReadAhead(StorageFixture.access(http), http, new IoStats(), pool)) {
      for (int i = 0; i < 3 * FILES; i++) {
        try (PrimedFile file = ahead.open(file(i % FILES))) {
          file.plan(List.of(new Range(0, TAIL_START)));
          check(file, CONTENT[i % FILES], 0, TAIL_START);
        }
      }
    }
    awaitNothingRuns();
    assertThat(blocksKept()).hasSizeBetween(1, pieces + 1);
  }
}
